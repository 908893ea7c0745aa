"""Who may do what at every address, by every method: from the URL configuration, for every role and for nobody.

An address without a rule fails. Nothing that is refused shows a record, and nothing here writes one: what is posted is
empty, so that whoever may write is told what is wanting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from claims.ledger.events import record as record_event
from claims.ledger.models import Entry, Event, LoggedChange
from claims.models import RECORDS, Option, Record, SuspectedPair, User
from claims.permissions import Capability, Role, may
from tests import factories as make
from tests.admin import test_addresses as of_admin
from tests.admin.forms import signed_in
from tests.admin.world import make_world
from tests.services.written import nothing_written
from tests.web.codes import enrol

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
READING = {"get", "head"}
KNOWN = {*READING, "post"}
# Beside a capability: who else a rule may name.
ANYBODY, SIGNED_IN, STAFF, NOBODY = "anybody", "signed in", "staff", "nobody"
Who = Capability | str


@dataclass(frozen=True)
class Rule:
    """Who may read at an address, and who may write there; `odd` are answers that reading gives besides 200."""

    read: Who
    write: Who = NOBODY
    odd: frozenset[int] = frozenset()
    put: Who = NOBODY
    patch: Who = NOBODY


def page(capability: Capability = Capability.READ) -> Rule:
    return Rule(capability)


# The API refuses whoever may not before it looks at anything else; of what is posted here, nothing is as it should be.
API = ("/api/v1/", "/feeds/")
READ, RECORD, REVISE = Capability.READ, Capability.RECORD, Capability.REVISE
OF_API: Mapping[str, Rule] = {
    "index": Rule(ANYBODY),
    "openapi": Rule(ANYBODY),
    "openapi_yaml": Rule(ANYBODY),
    **{
        name: Rule(READ, RECORD)
        for name in (
            *("topics", "sides", "agents", "sources", "questions", "options"),
            *("claims", "attributions", "passages"),
        )
    },
    **{
        name: Rule(READ, put=REVISE, patch=REVISE)
        for name in ("topic", "side", "agent", "source", "question", "option", "claim", "attribution", "passage")
    },
    "snapshots": Rule(READ, Capability.ATTACH_TEXTS),
    "snapshot": Rule(READ),
    "content": Rule(READ),
    "comparison": Rule(READ),
    "findings": Rule(READ),
    "finding": Rule(READ, patch=Capability.SETTLE),
    **{name: Rule(READ) for name in ("retractions", "corrections", "links")},
    **{name: Rule(READ, patch=REVISE) for name in ("retraction", "correction", "link")},
    "review": Rule(NOBODY, put=Capability.REVIEW),
    "settle": Rule(NOBODY, Capability.SETTLE),
    **{name: Rule(NOBODY, REVISE) for name in ("retract", "correct", "link_claim")},
    **{name: Rule(Capability.AUDIT) for name in ("changes", "change", "entries", "unattributed")},
    # Every other address beneath the API's: there is nothing, whoever asks.
    "nothing": Rule(NOBODY),
}
# A page about oneself leads on where there is nothing to do, and asks for the password first.
OWN = Rule(SIGNED_IN, SIGNED_IN, frozenset({302}))
RULES: Mapping[str, Rule] = {
    "start": page(),
    "question_list": page(),
    "question": page(),
    "claim_list": page(),
    "claim": page(),
    "claim_download": page(Capability.EXPORT),
    "claim_download_about": page(Capability.EXPORT),
    "claim_version": page(Capability.READ_HISTORY),
    "source_list": page(),
    "source": page(),
    "source_changes": page(),
    "agent_list": page(),
    "agent": page(),
    "topic": page(),
    "history": page(Capability.READ_HISTORY),
    "history_compare": page(Capability.READ_HISTORY),
    "record_download": page(Capability.EXPORT),
    "change_list": page(Capability.AUDIT),
    "change": page(Capability.AUDIT),
    "change_entry": page(Capability.AUDIT),
    # 404 where no checkpoints are kept, 409 where none covers the entry; proofs are tested with the pages of the log.
    "change_proof": Rule(Capability.AUDIT, odd=frozenset({404, 409})),
    "login": Rule(ANYBODY, ANYBODY, frozenset({302})),
    "logout": Rule(NOBODY, ANYBODY),
    "set_language": Rule(ANYBODY, ANYBODY, frozenset({302})),
    "second_step": Rule(ANYBODY, ANYBODY, frozenset({302})),
    "account": Rule(SIGNED_IN),
    "own_password": OWN,
    "confirm_password": Rule(ANYBODY, ANYBODY, frozenset({302})),
    "second_factor": OWN,
    "recovery_codes": OWN,
    "second_factor_remove": OWN,
    "tokens": OWN,
    "token_revoke": Rule(NOBODY, SIGNED_IN, frozenset({302})),
    "try_api": Rule(ANYBODY),
    "feed": page(),
    "feed_of_topic": page(),
    **{f"api:{name}": rule for name, rule in OF_API.items()},
    # The way to the page of one's own password, and only that.
    "admin/password_change/": Rule(ANYBODY, ANYBODY, frozenset({302})),
    "admin:index": Rule(STAFF, STAFF),
    "admin:login": Rule(ANYBODY, ANYBODY, frozenset({302})),
    "admin:logout": Rule(NOBODY, ANYBODY),
    "admin:password_change": Rule(ANYBODY, ANYBODY, frozenset({302})),
    "admin:password_change_done": Rule(STAFF),
    # Asked without naming a field: nobody is shown anything. What it answers is tested below.
    "admin:autocomplete": Rule(NOBODY),
    "admin:jsi18n": Rule(STAFF),
    "admin:view_on_site": Rule(STAFF, STAFF, frozenset({302, 404})),
    "admin:app_list": Rule(Capability.READ, Capability.READ),
    # Leads to the log of changes, narrowed to the user.
    "admin:claims_user_history": Rule(Capability.MANAGE_USERS, Capability.MANAGE_USERS, frozenset({302})),
}
WITHOUT_A_KEY = {("claim", "review"), ("import", "upload"), ("suspectedpair", "judge")}
# Django's: the one leads to the form of a record, the other says that there is no such page.
LEADS_ON = Rule(STAFF, STAFF, frozenset({301, 302, 404}))


def rule_of(name: str, route: str) -> Rule:
    """The rule of an address; raises `KeyError` for one that has none."""
    if route.endswith(("<path:object_id>/", "(?P<url>.*)$")):
        return LEADS_ON
    if name in RULES or not name.startswith("admin:"):
        return RULES[name or route]
    reading, writing = of_admin.needed(name.removeprefix("admin:"))
    return Rule(reading or NOBODY, writing or NOBODY)


def routes(resolver: Any = None, before: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every address; some of Django's have no name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, route, inside)
        else:
            assert isinstance(pattern, URLPattern)
            yield (namespace + pattern.name if pattern.name else "", route)


class World:
    """A desk with one record of every kind, and an example of every address in it."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = make_world()
        self.other = make.make_user(Role.EDITOR, username="somebodys-account")
        self.imported = make.make_import()
        record_event(kind="sign_in")
        self.entry = Entry.objects.filter(change__isnull=False).latest("pk")
        # What nobody who is refused may read in the answer.
        self.secrets = {
            str(text)
            for record in self.records.values()
            for text in (getattr(record, name, "") for name in ("title", "name", "text", "answer", "note"))
            if len(str(text)) > 4
        } | {self.other.username}
        self.addresses = [(name or route, rule_of(name, route), self._example(name, route)) for name, route in routes()]

    def _example(self, name: str, route: str) -> str:
        if not name:
            key = self.records["claim"].pk
            return "/" + route.replace("<path:object_id>", str(key)).replace("(?P<url>.*)$", "no-such-page")
        if name.startswith("admin:"):
            return reverse(name, args=self._of_admin(name.removeprefix("admin:")))
        if name.startswith("api:"):
            return self._of_api(name.removeprefix("api:"), route)
        kind = next((kind for kind in ("question", "source", "agent", "topic") if name.startswith(kind)), "claim")
        form = "prov-json" if name == "record_download" else "csv"
        values = {"uid": self.records[kind].uid, "number": 1, "kind": "claims", "name": form}
        if name == "feed_of_topic":
            return reverse(name, args=[self.records["topic"].uid])
        if name.startswith("change"):
            values = {"uid": self.entry.change, "number": self.entry.pk}
        wanted = {part.split(":")[1].rstrip(">") for part in route.replace("<", " <").split() if part.startswith("<")}
        wanted = {each.split(">")[0] for each in wanted}
        return reverse(name, kwargs={each: values[each] for each in wanted})

    def _of_api(self, name: str, route: str) -> str:
        """An address of the API, about the record of the kind that stands in it."""
        if name == "nothing":
            return "/api/v1/no-such-address/"
        kind = {"links": "claimlink", "changes": "change"}.get(many := route.split("/")[2], many.removesuffix("s"))
        records = {**self.records, "option": Option.objects.latest("pk"), "change": None}
        uid = self.entry.change if kind == "change" else getattr(records.get(kind), "uid", None)
        return "/" + route.replace("<uuid:uid>", str(uid)).replace("<str:uid>", str(uid))

    def _of_admin(self, name: str) -> list[object]:
        if name == "app_list":
            return ["claims"]
        if name == "view_on_site":
            return [ContentType.objects.get_for_model(type(self.records["claim"])).pk, self.records["claim"].pk]
        if name in of_admin.GENERAL:
            return []
        kind, view = of_admin.kind_and_view(name)
        if view in {"changelist", "add"} or (kind, view) in WITHOUT_A_KEY:
            return []
        keys = {"user": self.other.pk, "group": Group.objects.get(name=Role.EDITOR).pk}
        keys |= {"loggedchange": LoggedChange.objects.latest("pk").pk, "event": Event.objects.latest("pk").pk}
        keys |= {"import": self.imported.pk, "suspectedpair": SuspectedPair.objects.latest("pk").pk}
        key = keys[kind] if kind in keys else self.records[kind].pk
        if view == "simple_history":
            history: Any = of_admin.admin_model(kind).history
            return [key, history.filter(id=key).first().history_id]
        return [key, 1] if view == "restore" else [key]


def accounts() -> list[tuple[object, ...]]:
    """Users with their rights, which nothing here changes."""
    names = ("pk", "username", "password", "is_active", "is_staff", "is_superuser", "groups")
    return sorted(User.objects.values_list(*names), key=repr)


# --- the personas -----------------------------------------------------------------------------------------------------


def half_way_in() -> Client:
    """An administrator who has typed the password and not the code."""
    user = make.make_user(Role.ADMINISTRATOR)
    enrol(user)
    return signed_in(user)


def deactivated() -> Client:
    user = make.make_user(Role.ADMINISTRATOR)
    client = signed_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return client


NOBODYS: Mapping[str, Any] = {"nobody": Client, "half-way in": half_way_in, "deactivated": deactivated}
# On Django 6 too, whoever is let in nowhere; the others once.
ALWAYS = ("nobody",)
PERSONAS = [
    each if each in ALWAYS else pytest.param(each, marks=pytest.mark.once)
    for each in (*NOBODYS, *Role, "without a role", "not staff")
]


def introduced(persona: str) -> tuple[Client, User | None]:
    """A browser of the persona, and the user where there is one to the site."""
    if persona in NOBODYS:
        return NOBODYS[persona](), None
    role = {"without a role": None, "not staff": Role.EDITOR}.get(persona, persona)
    user = make.make_user(Role(role) if role else None, is_staff=persona != "not staff")
    return signed_in(user), user


def may_do(who: Who, user: User | None, address: str) -> bool:
    """Whether a rule names the user; the admin is for staff alone."""
    if who == ANYBODY:
        return True
    if user is None or who == NOBODY:
        return False
    if address.startswith("/admin/") and not user.is_staff:
        return False
    return who in {SIGNED_IN, STAFF} or (isinstance(who, Capability) and may(user, who))


@dataclass(frozen=True)
class Asked:
    """One request, and whether the table lets whoever asks read or write there."""

    method: str
    address: str
    reads: bool
    writes: bool
    changes: bool

    def fault(self, response: Any, odd: frozenset[int], secrets: set[str], *, inside: bool) -> str:
        """What is wrong with the answer; empty where nothing is. `inside` is whoever has signed in."""
        status = response.status_code
        if self.method not in KNOWN:
            return "" if status == 405 and not response.content else "is not refused"
        if self.method in READING and self.reads:
            return "" if status in {200, *odd} else "may read, and is not let"
        if self.method == "post" and self.writes:
            return "" if status in {200, 302, 400, *odd} else "may write, and is not let"
        if status not in {302, 403, 404, 405}:
            return "is let in"
        if status == 302 and not inside and not response["Location"].startswith(("/sign-in/", "/admin/login/")):
            return "is sent elsewhere"
        shown = [secret for secret in secrets if secret in response.content.decode(errors="replace")]
        return f"is refused, and shown {shown}" if shown else ""

    def fault_of_api(self, response: Any, secrets: set[str], *, inside: bool) -> str:
        """The API answers with a problem: 401 to nobody, 403 to whoever may not, 405 where there is no such method."""
        status = response.status_code
        if self.method == "options":
            told = (status == 204 and not response.content) or status == 404
            return "" if told else "is not told the methods"
        may = {"post": self.writes, "put": self.changes, "patch": self.changes}.get(self.method)
        if self.reads if self.method in READING else may:
            fine = {200} if self.method in READING else {400, 415, 422, 428}
            return "" if status in fine else "may, and is not let"
        if status not in {401, 403, 404, 405} or ((status == 401) is inside and status in {401, 403}):
            return "is let in, or is taken for another"
        shown = [secret for secret in secrets if secret in response.content.decode(errors="replace")]
        return f"is refused, and shown {shown}" if shown else ""


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_may_what_the_table_says_and_no_more(persona: str) -> None:
    world = World()
    client, user = introduced(persona)
    before, wrong = accounts(), []
    # HEAD is answered by what answers GET: of those who may read, the editor asks, and where the editor may not, all.
    unasked = {
        address
        for _name, rule, address in world.addresses
        if persona != Role.EDITOR and may_do(rule.read, user, address) and may_do(rule.read, world.other, address)
    }
    with nothing_written():
        for name, rule, address in world.addresses:
            for method in METHODS:
                if name.endswith("logout") or (method == "head" and address in unasked):
                    continue
                asked = Asked(
                    method,
                    address,
                    may_do(rule.read, user, address),
                    may_do(rule.write, user, address),
                    may_do(rule.patch if method == "patch" else rule.put, user, address),
                )
                of_api, inside = address.startswith(API), user is not None
                body = {"content_type": "application/json"} if of_api and method not in READING else {}
                response = getattr(client, method)(address, **body)
                if of_api:
                    fault = asked.fault_of_api(response, world.secrets, inside=inside)
                else:
                    fault = asked.fault(response, rule.odd, world.secrets, inside=inside)
                if fault:
                    wrong.append((name, method, address, response.status_code, fault))
    assert wrong == []
    assert accounts() == before


@pytest.mark.parametrize("persona", PERSONAS)
def test_signing_out_is_open_to_all_and_by_post_alone(persona: str) -> None:
    for address in (reverse("logout"), reverse("admin:logout")):
        client, user = introduced(persona)
        inside = client.get("/account/").status_code
        with nothing_written():
            for method in METHODS:
                if method != "post":
                    assert getattr(client, method)(address).status_code in {302, 405}, method
            assert client.get("/account/").status_code == inside == (200 if user else 302)
            assert client.post(address).status_code in {200, 302}
            stays = user is not None and address.startswith("/admin/") and not user.is_staff
            assert client.get("/account/").status_code == (200 if stays else 302)


@pytest.mark.parametrize("persona", PERSONAS)
def test_look_ups_and_actions_of_lists_are_for_those_who_may(persona: str) -> None:
    world = World()
    client, user = introduced(persona)
    look_up(world, client, user)
    act(world, client, user)


def look_up(world: World, client: Client, user: User | None) -> None:
    """Every look-up shows records to those who may read them."""
    asked = 0
    for model_admin in admin.site._registry.values():
        opts = model_admin.opts
        for field in model_admin.get_autocomplete_fields(None):  # type: ignore[arg-type]
            named = {"app_label": opts.app_label, "model_name": opts.model_name, "field_name": field}
            response = client.get(reverse("admin:autocomplete"), named)
            allowed = may_do(Capability.READ, user, "/admin/")
            assert response.status_code == (200 if allowed else 302 if user is None or not user.is_staff else 403), (
                named
            )
            if not allowed:
                assert not [secret for secret in world.secrets if secret in response.content.decode()]
            asked += 1
    assert asked > 5


def act(world: World, client: Client, user: User | None) -> None:
    """No action of a list does anything for those who may not."""
    tried = 0
    for model_admin in admin.site._registry.values():
        if model_admin.model not in RECORDS:
            continue
        record = world.records[str(model_admin.opts.model_name)]
        for action in [*(model_admin.actions or ()), "delete_selected"]:
            address = reverse(f"admin:claims_{model_admin.opts.model_name}_changelist")
            chosen = {
                "action": action,
                "index": "0",
                "_selected_action": [record.pk],
                "confirm": "1",
                "post": "yes",
                "change_reason": "I would like to",
                "versions": f'{{"{record.pk}": {record.version}}}',
            }
            if action != "delete_selected" and may_do(Capability.REVIEW, user, address):
                continue
            with nothing_written():
                assert client.post(address, chosen).status_code in {200, 302, 403}
            tried += 1
    assert tried > len(admin.site._registry) // 2


def test_an_address_without_a_rule_is_found() -> None:
    assert [rule_of(name, route) for name, route in routes()]
    for name, route in (
        ("export", "export/"),
        ("", "hidden/"),
        ("admin:claims_claim_unheard_of", "admin/claims/claim/x/"),
    ):
        with pytest.raises(KeyError):
            rule_of(name, route)


def test_pages_open_to_readers_show_nobody_more_than_the_claims(settings: Any) -> None:
    settings.PUBLIC_READ = True
    world = World()
    for client in (Client(), half_way_in(), deactivated()):
        for name, rule, address in world.addresses:
            if name.endswith("logout"):
                continue
            status = client.get(address).status_code
            if rule.read is Capability.READ and not address.startswith("/admin/"):
                assert status == 200, name
            elif rule.read != ANYBODY:
                assert status in {302, 405, *({401, 404} if address.startswith(API) else ())}, (name, status)
