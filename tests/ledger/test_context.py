"""Who acts: one answer at a time, and none that somebody left behind."""

from uuid import uuid4

import pytest
from django.core.checks import run_checks
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.ledger.context import Actor, acting
from claims.ledger.events import record
from claims.ledger.models import Context, Entry, LoggedChange
from claims.models import Side
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_what_was_left_by_hand_is_nobodys_who_writes() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL the context is a setting of the transaction, which nobody else can leave")
    Context.objects.create(pk=-5, change=uuid4(), user_id=3)
    assert [each.id for each in run_checks(tags=["database"], databases=["default"])] == ["ledger.E002"]
    side = make.make_side()
    entry = Entry.objects.get(table_name="claims_side", row_key=str(side.pk))
    assert LoggedChange.objects.get(uid=entry.change).command == "test"
    assert entry.user_id is None
    assert not Context.objects.exists()


def test_one_inside_another_belongs_to_that() -> None:
    actor = Actor(None, "", "outer", "Both", timezone.now())
    with transaction.atomic(), acting(actor):
        record(kind="export", name="inner")
        QuerySet(Side).bulk_create([Side(name="After it")])
    assert set(Entry.objects.order_by("-pk").values_list("change", flat=True)[:3]) == {actor.uid}
    assert LoggedChange.objects.get(uid=actor.uid).command == "outer"


def test_a_failure_leaves_nobody() -> None:
    def failing() -> None:
        with transaction.atomic(), acting(Actor(None, "", "fails", "Why", timezone.now())):
            raise LookupError

    with pytest.raises(LookupError):
        failing()
    QuerySet(Side).bulk_create([Side(name="By nobody")])
    assert Entry.objects.latest("pk").change is None
