"""Words in the order of code points, and a table of those by which records are looked up by name.

The words themselves are the work of `manage.py rebuild_state`.
"""

from django.contrib.postgres.operations import CreateCollation
from django.db import migrations, models

KINDS = ["agent", "question", "side", "snapshot", "source", "topic"]


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_stale_reviews_and_speakers")]

    operations = [
        # SQLite has its own of this name.
        CreateCollation("BINARY", locale="C", provider="libc"),
        migrations.AlterField(
            model_name="claimtoken",
            name="token",
            field=models.CharField(db_collation="BINARY", max_length=100, verbose_name="word"),
        ),
        migrations.AlterField(
            model_name="claimtoken",
            name="claim",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.PROTECT,
                related_name="tokens",
                to="claims.claim",
                verbose_name="claim",
            ),
        ),
        migrations.AddIndex(
            model_name="claimtoken",
            index=models.Index(fields=["claim", "token"], name="claim_token_claim"),
        ),
        migrations.CreateModel(
            name="NameToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("token", models.CharField(db_collation="BINARY", max_length=100, verbose_name="word")),
                ("record", models.PositiveBigIntegerField(verbose_name="record")),
            ],
            options={
                "verbose_name": "word of a name",
                "verbose_name_plural": "words of names",
                "indexes": [models.Index(fields=["kind", "record", "token"], name="name_token_record")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", KINDS)),
                        name="name_token_kind_known",
                        violation_error_message=(
                            "kind is none of the values it can have. Choose one of: " + ", ".join(KINDS) + "."
                        ),
                    ),
                    models.UniqueConstraint(fields=("kind", "token", "record"), name="name_token_unique"),
                ],
            },
        ),
    ]
