"""Every address of the admin, from the URL configuration, for every role and for nobody: what each may, and no more."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from claims.ledger.events import record as record_event
from claims.ledger.models import Event, LoggedChange
from claims.models import RECORDS, Record, SuspectedPair
from claims.permissions import Capability, Role
from tests import factories as make
from tests.admin.forms import REASON, fields_of, signed_in
from tests.admin.world import make_world
from tests.services.written import nothing_written

pytestmark = pytest.mark.django_db

# Which capability opens an address for writing; what is not here is for reading.
ADDS = {
    "side": Capability.RECORD,
    "agent": Capability.RECORD,
    "source": Capability.RECORD,
    "topic": Capability.RECORD,
    "question": Capability.RECORD,
    "attribution": Capability.RECORD,
    "user": Capability.MANAGE_USERS,
}
CHANGES = {
    **dict.fromkeys(["side", "agent", "source", "topic", "question", "attribution", "claim"], Capability.REVISE),
    "user": Capability.MANAGE_USERS,
    "suspectedpair": Capability.JUDGE_AGENTS,
}
ACTS = {
    "claim_check": Capability.REVIEW,
    "claim_discard": Capability.REVIEW,
    "claim_reopen": Capability.REVIEW,
    "claim_review": Capability.REVIEW,
    "claim_revise": Capability.REVISE,
    "claim_both_stand": Capability.REVISE,
    "claim_disown": Capability.REVISE,
    "claim_retract": Capability.REVISE,
    "claim_correct": Capability.REVISE,
    "claimlink_withdraw": Capability.REVISE,
    "retraction_withdraw": Capability.REVISE,
    "correction_withdraw": Capability.REVISE,
    "distinction_withdraw": Capability.JUDGE_AGENTS,
    "likeness_withdraw": Capability.JUDGE_AGENTS,
    "suspectedpair_judge": Capability.JUDGE_AGENTS,
    "finding_withdraw": Capability.SETTLE,
    "agent_same": Capability.JUDGE_AGENTS,
    "agent_not_same": Capability.JUDGE_AGENTS,
    "agent_distinct": Capability.JUDGE_AGENTS,
    "source_attach_text": Capability.ATTACH_TEXTS,
    "question_settle": Capability.SETTLE,
    "import_upload": Capability.RECORD,
    "import_undo": Capability.REVISE,
    "user_second_factor": Capability.MANAGE_USERS,
    "user_password": Capability.MANAGE_USERS,
}
# Leads to the log of changes, which has what was changed of users.
TO_THE_LOG = "claims_user_history"
# What is said instead of "withdraw the record".
INSTEAD = {
    "user": "Deactivate the user instead",
    "ledger": "The journal is only added to",
    "import": "The journal is only added to",
    "suspectedpair": "Judge the pair instead",
}
USERS_ONLY = {"user", "group"}
AUDITORS_ONLY = {"loggedchange", "event"}
# Of Django: not about records.
GENERAL = {"index", "login", "logout", "password_change", "password_change_done", "jsi18n", "autocomplete", "app_list"}


def names() -> Iterator[str]:
    """The names of all addresses of the admin, from the URL configuration."""
    _prefix, resolver = get_resolver().namespace_dict["admin"]
    for name in resolver.reverse_dict:
        if isinstance(name, str):
            yield name


def kind_and_view(name: str) -> tuple[str, str]:
    """("claim", "change") of `claims_claim_change`."""
    _label, kind, view = name.split("_", 2)
    return kind, view


def needed(name: str) -> tuple[Capability | None, Capability | None]:
    """What an address needs for reading and for writing; None is never."""
    kind, view = kind_and_view(name)
    act = f"{kind}_{view}"
    read = Capability.MANAGE_USERS if kind in USERS_ONLY else Capability.READ
    read = Capability.AUDIT if kind in AUDITORS_ONLY else read
    if act in ACTS:
        return ACTS[act], ACTS[act]
    return {
        "changelist": (read, read),
        "add": (ADDS.get(kind), ADDS.get(kind)),
        "change": (read, CHANGES.get(kind)),
        "delete": (None, None),
        "history": (read, read if kind in USERS_ONLY | AUDITORS_ONLY | {"import", "suspectedpair"} else None),
        "simple_history": (read, None),
        "compare": (read, None),
        "restore": (CHANGES.get(kind), CHANGES.get(kind)),
    }[view]


def addresses() -> Iterator[tuple[str, str]]:
    """Each name with its address for a record that there is."""
    world: dict[str, int] = {name: record.pk for name, record in make_world().items()}
    world |= {"user": make.make_user().pk, "group": 1}
    record_event(kind="sign_in")
    world |= {"loggedchange": LoggedChange.objects.latest("pk").pk, "event": Event.objects.latest("pk").pk}
    world["import"] = make.make_import().pk
    world["suspectedpair"] = SuspectedPair.objects.latest("pk").pk
    for name in names():
        if name in GENERAL or name == "view_on_site":
            continue
        kind, view = kind_and_view(name)
        arguments: list[object] = [world[kind]]
        if view == "simple_history":
            arguments.append(admin_model(kind).history.filter(id=world[kind]).first().history_id)
        if view == "restore":
            arguments.append(1)
        try:
            yield name, reverse(f"admin:{name}")
        except NoReverseMatch:
            yield name, reverse(f"admin:{name}", args=arguments)


def admin_model(kind: str) -> type[Record]:
    return next(model for model in RECORDS if model._meta.model_name == kind)


def test_the_table_above_names_every_address() -> None:
    for name in names():
        if name not in GENERAL and name != "view_on_site":
            needed(name)
    assert len(list(addresses())) > 80


def test_nobody_gets_in_who_has_not_signed_in() -> None:
    client = Client()
    for name, url in addresses():
        for response in (client.get(url), client.post(url, {})):
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith("/admin/login/"), name
    for name in GENERAL - {"login", "logout", "app_list"}:
        assert client.get(reverse(f"admin:{name}")).status_code == 302, name


@pytest.mark.parametrize(
    "kind", [model._meta.model_name for model in admin.site._registry if issubclass(model, Record)]
)
def test_history_is_read_and_never_written(kind: str) -> None:
    """The library's page overwrites the live row for whoever may look at it: here it does for nobody."""
    record = make_world()[kind]
    version = admin_model(kind).history.filter(id=record.pk).first()
    url = reverse(f"admin:claims_{kind}_simple_history", args=[record.pk, version.history_id])
    for role in Role:
        client = signed_in(role)
        assert client.get(url).status_code == 200
        data = {**fields_of(client.get(reverse(f"admin:claims_{kind}_change", args=[record.pk]))), "withdrawn": "on"}
        with nothing_written():
            assert client.post(url, {**data, "change_reason": REASON}).status_code == 403
            assert client.put(url).status_code == 405
    assert client.get(reverse(f"admin:claims_{kind}_simple_history", args=[record.pk, 10**12])).status_code == 404


def test_history_obeys_the_queryset_of_the_admin(monkeypatch: pytest.MonkeyPatch) -> None:
    record = make_world()["source"]
    model_admin = admin.site.get_model_admin(type(record))
    monkeypatch.setattr(type(model_admin), "get_queryset", lambda self, _request: type(record).objects.none())
    version = type(record).history.filter(id=record.pk).first()  # type: ignore[attr-defined]
    client = signed_in(Role.ADMINISTRATOR)
    for view, arguments in (("history", [record.pk]), ("simple_history", [record.pk, version.history_id])):
        assert client.get(reverse(f"admin:claims_source_{view}", args=arguments)).status_code == 404


def test_nothing_is_deleted_and_django_keeps_no_log() -> None:
    client = signed_in(Role.ADMINISTRATOR)
    for name, url in addresses():
        if name.endswith("_delete"):
            response = client.post(url, {"post": "yes"})
            assert response.status_code == 403, name
            if name != "auth_group_delete":
                sentence = next((told for part, told in INSTEAD.items() if part in name), "Withdraw the record instead")
                assert sentence in client.get(url).content.decode(), name
                assert sentence in response.content.decode(), name
    page = client.get("/admin/claims/source/").content.decode()
    assert "delete_selected" not in page
    assert not LogEntry.objects.exists()
