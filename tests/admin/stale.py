"""Stale tries in the admin: one person opens a page, another changes the record, the first saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.test import Client

from claims.ledger.models import Entry
from claims.models import Claim, Record, User
from claims.services.editing import keep
from tests.admin.forms import REASON, fields_of, post, written

LIST = "/admin/claims/claim/"
REVIEW = f"{LIST}review/"

# Texts that can be typed over in each form and its inlines.
TEXTS: dict[str, tuple[str, ...]] = {
    "side": ("name", "note", "translations_ar"),
    "agent": ("name", "role", "note", "names-0-text"),
    "source": ("title", "note", "translations_en"),
    "topic": ("name", "note", "translations_ar"),
    "question": ("text", "note", "options-2-label"),
    "attribution": ("role", "note", "cue", "relays-0-cue"),
    "claim": ("note", "wordings-0-text"),
    "user": ("first_name", "last_name"),
}
RESTORED = tuple(kind for kind in TEXTS if kind != "user")
ACTS: dict[str, tuple[str, str]] = {
    "retract": ("claim", "note"),
    "correct": ("claim", "quote"),
    "settle": ("question", "grounds"),
    "attach-text": ("source", "text"),
}


@dataclass
class Desk:
    """Two signed-in people, what they work on, and a die that is the same each time; `editor` is the second of them."""

    first: Client
    second: Client
    editor: User
    world: dict[str, Record | User]
    random: Random
    number: int = 0
    tried: dict[str, int] = field(default_factory=dict)

    def words(self) -> str:
        """Something that nobody typed before, in one script or the other."""
        self.number += 1
        return self.random.choice([f"words {self.number}", f"كلمات {self.number}", f"“{self.number}” & <b>"])

    def url(self, kind: str, view: str = "change") -> str:
        return f"/admin/claims/{kind}/{self.world[kind].pk}/{view}/"

    def changed_by_the_second(self, kind: str, *, whole: bool = True) -> dict[str, str]:
        """One or two fields that the second changes and saves; an option is no part of its question's version."""
        texts = [name for name in TEXTS[kind] if not (whole and name.startswith("options-"))]
        chosen = self.random.sample(texts, self.random.randint(1, 2))
        typed = {name: self.words() for name in chosen}
        record = type(self.world[kind]).objects.get(pk=self.world[kind].pk)
        if isinstance(record, Record) and not any("-" in name for name in typed):
            for name, text in typed.items():
                _fill(record, name, text)
            keep(records=[record], by=self.editor, reason=REASON)
        else:  # a user, or something in a line of its own
            typed_there = {name.replace("-", "__"): text for name, text in typed.items()}
            written(post(self.second, self.url(kind), **typed_there))
        return typed

    def again(self, url: str, page: Any, **more: Any) -> Any:
        """Post what the page of the conflict shows."""
        return self.first.post(url, {**fields_of(page), "change_reason": REASON, **more})


def _fill(record: Record, name: str, text: str) -> None:
    """Give the field of the form the text; a name in a language is one of several in one field."""
    if name.startswith("translations_"):
        name, text = "translations", {**record.translations, name.rpartition("_")[2]: text}  # type: ignore[attr-defined,assignment]
    setattr(record, name, text)


def counted(record: Record | User) -> int:
    """How many versions of the record are kept; of a user, how many writes the journal has."""
    if isinstance(record, User):
        return Entry.objects.filter(table_name="claims_user", row_key=str(record.pk)).count()
    return int(type(record).history.filter(id=record.pk).count())  # type: ignore[attr-defined]


def refused(desk: Desk, page: Any, record: Record | User, versions: int, typed: str) -> None:
    """The page of the conflict is shown with what was typed, and nothing was written."""
    assert page.status_code == 409, page.status_code
    html = page.content.decode()
    assert "nothing that you typed is lost" in html or "are left as" in html or "is left as it is" in html
    assert typed in fields_of(page).values() or not typed
    assert fields_of(page)["change_reason"] == REASON
    assert counted(record) == versions


def try_form(desk: Desk) -> None:
    """A form and its inlines: fields of one side are taken over, those of both are chosen."""
    kind = desk.random.choice(list(TEXTS))
    url, record = desk.url(kind), desk.world[kind]
    opened = fields_of(desk.first.get(url))
    mine = {name: desk.words() for name in desk.random.sample(TEXTS[kind], desk.random.randint(1, 2))}
    theirs = desk.changed_by_the_second(kind, whole=False)
    versions = counted(record)
    page = desk.first.post(url, {**opened, **mine, "change_reason": REASON, "_save": "1"})
    refused(desk, page, record, versions, next(iter(mine.values())))
    both = list(page.context["open_choices"])
    assert {choice.name.removesuffix("_ar").removesuffix("_en") for choice in both} == _fields(set(mine) & set(theirs))
    if both:  # nothing is decided for the editor
        undecided = desk.again(url, page, _resolve="1")
        refused(desk, undecided, record, versions, next(iter(mine.values())))
    side = desk.random.choice(["yours", "theirs"])
    chosen = {f"choose-{choice.name}": side for choice in both}
    written(desk.again(url, page, _resolve="1", **chosen))
    now = fields_of(desk.first.get(url))
    for name in {*mine, *theirs}:
        expected = (mine if side == "yours" else theirs) if name in mine and name in theirs else {**theirs, **mine}
        assert now[name] == expected[name], (kind, name)


def _fields(names: set[str]) -> set[str]:
    """The names of the choices: a name in languages is one, and so is the chain."""
    plain = {name.removesuffix("_ar").removesuffix("_en") for name in names}
    return {"speaker-and-relays" if name.startswith("relays-") else name for name in plain}


def try_act(desk: Desk) -> None:
    """A small form: shown with what was typed, and gone on with."""
    act = desk.random.choice(list(ACTS))
    kind, name = ACTS[act]
    url, record, typed = desk.url(kind, act), desk.world[kind], desk.words()
    opened = fields_of(desk.first.get(url))
    theirs = desk.changed_by_the_second(kind)
    versions = counted(record)
    more = {"answer": "Truce"} if act == "settle" else {}
    more |= {"source": desk.world["source"].pk} if act == "correct" else {}
    page = desk.first.post(url, {**opened, name: typed, "change_reason": REASON, **more})
    refused(desk, page, record, versions, typed)
    told = " ".join(str(change.after) for change in page.context["changed"].comparison.changes)
    assert all(text.split()[-1] in told for text in theirs.values()), (theirs, told)
    written(desk.again(url, page))


def try_review(desk: Desk) -> None:
    """A claim reviewed on its own page, one by one, or chosen in the list."""
    way = desk.random.choice(["page", "one by one", "list"])
    claim = desk.world["claim"]
    claim.refresh_from_db()
    assert isinstance(claim, Claim)
    if claim.review != "pending":
        written(post(desk.second, desk.url("claim", "reopen")))
    press = desk.random.choice(["check", "discard"])
    opening: Callable[[], tuple[str, dict[str, Any]]] = {
        "page": lambda: (desk.url("claim", press), fields_of(desk.first.get(desk.url("claim", press)))),
        "one by one": lambda: (REVIEW, {**one_by_one(desk, claim), press: "1"}),
        "list": lambda: (LIST, in_the_list(desk, claim, press)),
    }[way]
    url, opened = opening()
    desk.changed_by_the_second("claim")
    versions = counted(claim)
    page = desk.first.post(url, {**opened, "change_reason": REASON})
    refused(desk, page, claim, versions, "")
    more = {"_selected_action": [claim.pk]} if way == "list" else {}
    written(desk.again(url, page, **more))
    claim.refresh_from_db()
    assert claim.review == {"check": "checked", "discard": "discarded"}[press]


def one_by_one(desk: Desk, claim: Claim) -> dict[str, Any]:
    """The page on which this claim is the next."""
    address = REVIEW
    while True:
        page: Any = desk.first.get(address)
        if page.context["claim"] == claim:
            return fields_of(page)
        address = f"{REVIEW}?after={page.context['claim'].uid}"


def in_the_list(desk: Desk, claim: Claim, press: str) -> dict[str, Any]:
    """The page that asks why, after the claim was chosen in the list."""
    ticked = {"action": f"{press}_chosen", "_selected_action": [claim.pk], "index": "0"}
    asked = desk.first.post(LIST, {**fields_of(desk.first.get(LIST)), **ticked})
    return {**fields_of(asked), "_selected_action": [claim.pk]}


def try_restoring(desk: Desk) -> None:
    """A version about to be restored while somebody changes the record."""
    kind = desk.random.choice(RESTORED)
    record = desk.world[kind]
    url = desk.url(kind, "restore/1")
    opened = fields_of(desk.first.get(url))
    desk.changed_by_the_second(kind)
    opened = {"record_version": record.version, **opened}
    versions = counted(record)
    page = desk.first.post(url, {**opened, "change_reason": REASON})
    refused(desk, page, record, versions, "")
    answer = desk.again(url, page)
    # Where only a part was changed, the record has the values of that version already, and a sentence says so.
    assert answer.status_code in {200, 302}
    assert not page_changes(desk, url)


def page_changes(desk: Desk, url: str) -> list[Any]:
    """What restoring would change."""
    return list(desk.first.get(url).context["changes"])


TRIES: tuple[Callable[[Desk], None], ...] = (try_form, try_form, try_form, try_act, try_review, try_restoring)


def tries(desk: Desk, number: int) -> None:
    """So many stale tries of every kind."""
    for _ in range(number):
        one = desk.random.choice(TRIES)
        one(desk)
        desk.tried[one.__name__] = desk.tried.get(one.__name__, 0) + 1
