"""No index that another one or nobody needs, and no keys of derived rows checked once more.

The fields stay as they are but for their indexes and constraints; tables of records are not rewritten.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import PROTECT

KINDS = (
    "agent", "agentname", "attribution", "claim", "claimlink", "claimoption", "claimwording", "correction",
    "distinction", "finding", "likeness", "option", "optionbroader", "passage", "question", "relay", "retraction",
    "side", "snapshot", "source", "topic",
)  # fmt: skip
# Of records, the field that begins a longer index.
SERVED = (("attribution", "source"), ("claimoption", "claim"), ("claimwording", "claim"))
UNSERVED = [
    *((f"historical{kind}", field) for kind in KINDS for field in ("history_date", "history_user")),
    *SERVED,
    *((f"historical{kind}", field) for kind, field in SERVED),
]
_KEY: dict[str, Any] = {"blank": True, "editable": False, "primary_key": True, "serialize": False}
DERIVED = ("claimstate", "claimtoken")
USER = {"on_delete": PROTECT, "related_name": "+", "verbose_name": "changed by", "to": settings.AUTH_USER_MODEL}


def drop_indexes(apps: Any, schema_editor: Any) -> None:
    """Drop the indexes of the fields that are on no longer index of their own."""
    connection = schema_editor.connection
    for kind, name in UNSERVED:
        model = apps.get_model("claims", kind)
        column = model._meta.get_field(name).column
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        for index, told in found.items():
            if told["columns"] == [column] and told["index"] and not told["unique"]:
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(index)}")


def put_indexes_back(apps: Any, schema_editor: Any) -> None:
    """Make them again."""
    for kind, name in UNSERVED:
        model = apps.get_model("claims", kind)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[model._meta.get_field(name)]))


def make_anew(apps: Any, schema_editor: Any) -> None:
    """Make the tables of derived rows anew, as the models are now, with the rows that they have."""
    for kind in DERIVED:
        model = apps.get_model("claims", kind)
        table = schema_editor.quote_name(model._meta.db_table)
        columns = ", ".join(schema_editor.quote_name(field.column) for field in _given(model))
        schema_editor.execute(f"CREATE TEMPORARY TABLE kept AS SELECT {columns} FROM {table}")
        schema_editor.execute(f"DROP TABLE {table}")
        schema_editor.create_model(model)
        schema_editor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept")
        schema_editor.execute("DROP TABLE kept")


def _given(model: Any) -> Iterator[Any]:
    return (field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))


def _key(to: str, name: str, *, null: bool = False, related: str = "+", **options: Any) -> Any:
    return models.ForeignKey(
        to=f"claims.{to}", on_delete=PROTECT, null=null, blank=null, related_name=related, verbose_name=name, **options
    )


def _altered() -> Iterator[Any]:
    for kind in KINDS:
        yield migrations.AlterField(f"historical{kind}", "history_date", models.DateTimeField())
        yield migrations.AlterField(
            f"historical{kind}", "history_user", models.ForeignKey(null=True, db_index=False, **USER)
        )
    unindexed: dict[str, Any] = {"db_index": False}
    yield migrations.AlterField("attribution", "source", _key("source", "source", related="attributions", **unindexed))
    yield migrations.AlterField("claimoption", "claim", _key("claim", "claim", related="options", **unindexed))
    yield migrations.AlterField("claimwording", "claim", _key("claim", "claim", related="wordings", **unindexed))
    unchecked: dict[str, Any] = {"db_index": False, "db_constraint": False}
    yield migrations.AlterField(
        "claimstate",
        "claim",
        models.OneToOneField(
            to="claims.claim", on_delete=PROTECT, primary_key=True, serialize=False, related_name="state",
            db_constraint=False, verbose_name="claim",
        ),
    )  # fmt: skip
    for field, to, name, null in (
        ("origin_side", "side", "side of the origin", True), ("publisher", "agent", "publisher", True),
        ("question", "question", "question", True), ("side", "side", "side", True), ("topic", "topic", "topic", True),
        ("source", "source", "source", False), ("speaker", "agent", "speaker", False),
    ):  # fmt: skip
        yield migrations.AlterField("claimstate", field, _key(to, name, null=null, **unchecked))
    yield migrations.AlterField(
        "claimstate", "position", _key("position", "position", null=True, related="claim_states", **unchecked)
    )
    yield migrations.AlterField(
        "claimstate", "revised_by", _key("claim", "revised by", null=True, db_constraint=False)
    )
    yield migrations.RemoveConstraint("claimtoken", "claim_token_unique")
    yield migrations.RemoveIndex("claimtoken", "claim_token_claim")
    yield migrations.RemoveField("claimtoken", "id")
    yield migrations.AlterField("claimtoken", "claim", _key("claim", "claim", related="tokens", **unchecked))
    yield migrations.AddField("claimtoken", "pk", models.CompositePrimaryKey("claim_id", "token", **_KEY))
    yield migrations.AddIndex("claimtoken", models.Index(fields=["token", "claim"], name="claim_token_claims"))


class Together(migrations.SeparateDatabaseAndState):
    """What is altered in the state alone, without making every model of the application anew after each step."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        vars(state).pop("apps", None)
        super().state_forwards(app_label, state)


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_attributions_by_speaker")]

    operations = [
        migrations.RunPython(drop_indexes, put_indexes_back),
        migrations.RunPython(migrations.RunPython.noop, make_anew),
        Together(state_operations=[*_altered()]),
        migrations.RunPython(make_anew, migrations.RunPython.noop),
        migrations.AddIndex(
            "historicalattribution", models.Index(fields=["source"], name="claims_hist_source__33df98_idx")
        ),
        migrations.AddIndex(
            "historicalclaimoption", models.Index(fields=["claim"], name="claims_hist_claim_i_0d46b8_idx")
        ),
        migrations.AddIndex(
            "historicalclaimwording", models.Index(fields=["claim"], name="claims_hist_claim_i_a66e57_idx")
        ),
    ]
