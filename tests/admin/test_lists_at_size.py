"""At a hundred thousand claims no list of the admin reads a whole table: every query is explained."""

import re
from collections.abc import Iterator

from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.sized import CLAIMS, Sized
from claims.models import Claim, Question, Record, SuspectedPair, Topic
from claims.permissions import Role
from tests.admin.forms import signed_in
from tests.web.test_pages_at_size import MOST_STEPS, Steps, reads_a_table


def addresses(plan: Sized) -> Iterator[str]:
    """The desk, every list, the list of claims filtered and paged, a claim's page, review, recording."""
    claim = Claim.objects.get(pk=plan.claim + CLAIMS // 2)
    other, topic = Question.objects.get(pk=plan.question + 10), Topic.objects.get(pk=plan.topic)
    yield from ("/admin/", "/admin/claims/attribution/add/", "/admin/claims/claim/review/")
    yield f"/admin/claims/claim/review/?after={claim.uid}"
    for model in admin.site._registry:
        if issubclass(model, Record):
            yield f"/admin/claims/{model._meta.model_name}/"
    filters = ["state=contested", "review=pending", "review=checked", "review=stale", "stance=doubts"]
    filters += [
        f"topic={topic.uid}",
        f"question={other.uid}",
        "text=common",
        "text=word7",
        "text=nothing",
        "said_from=2019",
        "said_until=2016",
    ]
    yield from (f"/admin/claims/claim/?{asked}" for asked in filters)
    yield from (f"/admin/claims/claim/?{place}={claim.uid}" for place in ("after", "before"))
    for page in ("change", "history"):
        yield f"/admin/claims/claim/{claim.pk}/{page}/"
        yield f"/admin/claims/attribution/{claim.attribution_id}/{page}/"
    pair = SuspectedPair.objects.get(pk=1000)
    yield from (
        f"/admin/claims/suspectedpair/{rest}" for rest in ("", "?kind=agents", "?judged=different&p=3", "judge/")
    )
    yield f"/admin/claims/suspectedpair/judge/?kind=agents&after=agent-{pair.first}-{pair.second}"
    yield from (f"/admin/claims/suspectedpair/{pair.pk}/change/", f"/admin/claims/agent/{pair.first}/change/")
    yield "/admin/autocomplete/?app_label=claims&model_name=claim&field_name=copied_from&term=word7"


def is_walked(sql: str, plan: str) -> bool:
    """Whether SQLite reads the table from its newest row on, as far as a page needs: it calls this a scan, too."""
    return connection.vendor == "sqlite" and '."id" DESC LIMIT' in sql and "TEMP B-TREE" not in plan


def test_no_list_of_the_admin_reads_a_whole_table(sized: Sized) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    client.get("/admin/")
    wrong: dict[str, str] = {}
    known: set[str] = set()
    for address in list(addresses(sized)):
        steps = Steps()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200, address
        if steps.taken > MOST_STEPS:
            wrong[address] = f"{steps.taken} thousand steps"
        for query in queries:
            shape = re.sub(r"'[^']*'|\d+", "?", query["sql"])
            if query["sql"].startswith("SELECT") and shape not in known:
                known.add(shape)
                if (found := reads_a_table(query["sql"])) and not is_walked(query["sql"], found):
                    wrong[address] = f"{query['sql'][:400]}\n{found}"
    assert not wrong, "\n\n".join(f"{address}\n{why}" for address, why in wrong.items())
