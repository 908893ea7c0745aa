"""Lists know which reviews are out of date, and positions who holds them; both are filled in from what is stored."""

from itertools import groupby, islice
from typing import Any

from django.db import migrations, models
from django.db.models import Min

SPEAKERS_NAMED = 5
AT_ONCE = 500


def fill_in(apps: Any, _editor: Any) -> None:
    """What `rebuild_state` would write, without comparing any question again."""
    states, positions = (apps.get_model("claims", name) for name in ("ClaimState", "Position"))
    states.objects.filter(claim__review_stale=True).update(stale=True)
    said = states.objects.filter(position__isnull=False).values_list("position", "speaker")
    firsts = said.annotate(first=Min("claim")).order_by("position", "first").iterator()
    rows = (_position(positions, key, group) for key, group in groupby(firsts, lambda row: row[0]))
    while part := list(islice(rows, AT_ONCE)):
        positions.objects.bulk_update(part, ["speakers", "first_claims"])


def _position(positions: Any, key: int, group: Any) -> Any:
    claims = [claim for _position, _speaker, claim in group]
    return positions(pk=key, speakers=len(claims), first_claims=claims[:SPEAKERS_NAMED])


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="claimstate",
            name="stale",
            field=models.BooleanField(default=False, verbose_name="review is stale"),
        ),
        migrations.AddField(
            model_name="position",
            name="first_claims",
            field=models.JSONField(default=list, verbose_name="first claims of the first speakers"),
        ),
        migrations.AddField(
            model_name="position",
            name="speakers",
            field=models.PositiveIntegerField(default=0, verbose_name="speakers"),
        ),
        migrations.AddIndex(
            model_name="claimstate",
            index=models.Index(
                condition=models.Q(("stale", True)), fields=["state_rank", "claim"], name="claim_state_stale"
            ),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
