"""Two editors: no stale save loses anything; each is shown base, theirs and yours, and the editor goes on from it."""

import threading
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import Agent, Attribution, Claim, ClaimWording, Relay, Retraction, Side, Source
from claims.permissions import Role
from claims.services.editing import keep
from tests import factories as make
from tests.admin.forms import REASON, fields_of, post, signed_in, written
from tests.admin.stale import Desk, tries
from tests.admin.world import make_claims, make_world
from tests.services.test_two_at_once import in_a_thread
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db

# 200 tries in all.
ROUNDS, TRIES = 8, 25


@pytest.mark.once
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_stale_try_loses_anything(seed: int) -> None:
    world: dict[str, Any] = {**make_world(), "user": make.make_user(Role.EDITOR)}
    make.make_option(world["question"], "A third")
    first, second = (make.make_user(Role.ADMINISTRATOR) for _ in range(2))
    desk = Desk(signed_in(first), signed_in(second), second, world, Random(seed))  # noqa: S311 - the same each time
    tries(desk, TRIES)
    assert sum(desk.tried.values()) == TRIES


def edit(record: Any, **fields: Any) -> None:
    """Change the record as another editor does."""
    now = type(record).objects.get(pk=record.pk)
    for name, value in fields.items():
        setattr(now, name, value)
    keep(records=[now], by=make.make_user(Role.EDITOR, first_name="Nour"), reason="Corrected from the print")


def stale(client: Client, url: str, meanwhile: Callable[[], None], **typed: Any) -> Any:
    """Open the form, let something happen, and post it."""
    opened = fields_of(client.get(url))
    meanwhile()
    with nothing_written():
        page = client.post(url, {**opened, "change_reason": REASON, **typed, "_save": "1"})
    assert page.status_code == 409
    return page


def go_on(client: Client, url: str, page: Any, **more: Any) -> Any:
    return client.post(url, {**fields_of(page), "_resolve": "1", **more})


def rows(page: Any) -> dict[str, tuple[str | None, str, str, str | None]]:
    """What the page shows of each field: base, theirs, yours, and what is chosen."""
    return {
        choice.label: (choice.base and choice.base.words, choice.theirs.words, choice.yours.words, choice.chosen)
        for section in page.context["conflict"].sections
        for choice in section.choices
        if choice.shown
    }


def test_values_are_words_and_the_page_says_who_when_and_why() -> None:
    old, new, mine = (make.make_side(name=name) for name in ("opposition", "government", "الأمم المتحدة"))
    agent = make.make_agent(name="A minister", side=old, kind="person")
    client = signed_in(Role.EDITOR)
    url = f"/admin/claims/agent/{agent.pk}/change/"
    page = stale(client, url, lambda: edit(agent, side=new, kind="organisation"), side=mine.pk, note="typed")
    assert rows(page) == {
        "Kind": ("Person", "Organisation", "Person", "theirs"),
        "Side": ("opposition", "government", "الأمم المتحدة", None),
        "Note": ("", "", "typed", "yours"),
    }
    html = page.content.decode()
    assert "Nour" in html
    assert "Corrected from the print" in html
    written(go_on(client, url, page, **{"choose-side": "yours"}))
    agent.refresh_from_db()
    assert (agent.kind, agent.side, agent.note, agent.version) == ("organisation", mine, "typed", 3)
    assert why(agent)[0] == REASON


def test_what_was_changed_again_meanwhile_is_asked_again() -> None:
    side = make.make_side(name="opposition")
    client = signed_in(Role.EDITOR)
    url = f"/admin/claims/side/{side.pk}/change/"
    page = stale(client, url, lambda: edit(side, note="theirs"), note="mine")
    edit(side, note="theirs again")
    with nothing_written():
        again = go_on(client, url, page, **{"choose-note": "theirs"})
    assert again.status_code == 409
    assert rows(again) == {"Note": ("", "theirs again", "mine", None)}
    written(go_on(client, url, again, **{"choose-note": "theirs"}))
    side.refresh_from_db()
    assert side.note == "theirs again"


def test_going_on_editing_shows_the_form_with_what_is_chosen_and_saves_nothing() -> None:
    side = make.make_side(name="opposition")
    client = signed_in(Role.EDITOR)
    url = f"/admin/claims/side/{side.pk}/change/"
    page = stale(client, url, lambda: edit(side, name="theirs"), note="mine")
    with nothing_written():
        form = client.post(url, {**fields_of(page), "_edit": "1"})
    shown = fields_of(form)
    assert (form.status_code, shown["name"], shown["note"], shown["change_reason"]) == (200, "theirs", "mine", REASON)
    assert "errornote" not in form.content.decode()
    written(client.post(url, {**shown, "note": "mine, better", "_save": "1"}))
    side.refresh_from_db()
    assert (side.name, side.note) == ("theirs", "mine, better")


def test_a_record_that_was_withdrawn_meanwhile_stays_so_unless_chosen_otherwise() -> None:
    for choice, withdrawn in (({}, True), ({"choose-withdrawn": "yours"}, False)):
        side = make.make_side()
        client = signed_in(Role.EDITOR)
        url = f"/admin/claims/side/{side.pk}/change/"
        page = stale(client, url, lambda side=side: edit(side, withdrawn=True), note="mine")  # type: ignore[misc]
        assert "The record is withdrawn now." in page.content.decode()
        written(go_on(client, url, page, **choice))
        side.refresh_from_db()
        assert (side.note, side.withdrawn) == ("mine", withdrawn)


def test_a_version_that_never_was_has_no_base_and_everything_is_chosen() -> None:
    side = make.make_side(name="opposition")
    client = signed_in(Role.EDITOR)
    url = f"/admin/claims/side/{side.pk}/change/"
    with nothing_written():
        page = post(client, url, note="mine", record_version="99")
    assert page.status_code == 409
    assert rows(page) == {"Note": (None, "", "mine", None)}
    with nothing_written():
        unversioned = post(client, url, note="mine", record_version="")
    assert unversioned.status_code == 409


def test_parts_changed_added_and_withdrawn_meanwhile() -> None:
    claim = make.make_claim(make.make_question(kind="yes_no"), answer="yes", yes=True, statement="One.")
    wording = ClaimWording.objects.get()
    client = signed_in(Role.EDITOR)
    url = f"/admin/claims/claim/{claim.pk}/change/"

    def meanwhile() -> None:
        edit(wording, text="One, they say.")
        edit_user = make.make_user(Role.EDITOR)
        keep(records=[ClaimWording(claim=claim, language="fr", text="Un.")], by=edit_user, reason="In French")

    new_line = {"wordings-1-language": "ar", "wordings-1-text": "واحد."}
    page = stale(client, url, meanwhile, **{"wordings-0-text": "One, I say.", **new_line})
    assert rows(page) == {"Statement": ("One.", "One, they say.", "One, I say.", None)}
    assert [added.name for added in page.context["conflict"].added] == ["Un."]
    written(go_on(client, url, page, **{"choose-wordings-0-text": "yours"}))
    texts = dict(ClaimWording.objects.values_list("language", "text"))
    assert texts == {"en": "One, I say.", "fr": "Un.", "ar": "واحد."}


def test_the_options_above_an_option_are_compared_as_they_were() -> None:
    question = make.make_question()
    broad, other = make.make_option(question, "Broad"), make.make_option(question, "Other")
    option = make.make_option(question, "Narrow", broader=[broad])
    first, second = signed_in(Role.EDITOR), signed_in(Role.EDITOR)
    url = f"/admin/claims/question/{question.pk}/change/"

    def meanwhile() -> None:
        written(post(second, url, options__2__under="Other"))

    page = stale(first, url, meanwhile, note="mine")
    assert rows(page)["Lies under"] == ("Broad", "Other", "Broad", "theirs")
    written(go_on(first, url, page))
    assert [link.broader for link in option.broader_links.filter(withdrawn=False)] == [other]


def chains() -> tuple[Attribution, list[Agent], Client, str]:
    agents = [make.make_agent(name=name) for name in ("Sham Network", "Al Jazeera", "SANA")]
    attribution = make.make_attribution(speaker=make.make_agent(name="A negotiator"), relays=agents[:2])
    return attribution, agents, signed_in(Role.EDITOR), f"/admin/claims/attribution/{attribution.pk}/change/"


def hops(attribution: Attribution) -> list[str]:
    current = Relay.objects.current().filter(attribution=attribution).order_by("position")
    return [relay.agent.name for relay in current]


@pytest.mark.parametrize(("side", "expected"), [("yours", ["SANA", "Al Jazeera"]), ("theirs", ["Al Jazeera"])])
def test_a_chain_is_one_statement_and_chosen_as_one(side: str, expected: list[str]) -> None:
    attribution, agents, client, url = chains()

    def meanwhile() -> None:
        written(post(signed_in(Role.EDITOR), url, relays__0__withdrawn="on"))

    page = stale(client, url, meanwhile, **{"relays-0-agent": agents[2].pk, "role": "envoy"})
    assert rows(page)["Chain"] == (
        "A negotiator > Sham Network > Al Jazeera",
        "A negotiator > Al Jazeera",
        "A negotiator > SANA > Al Jazeera",
        None,
    )
    written(go_on(client, url, page, **{"choose-speaker-and-relays": side}))
    attribution.refresh_from_db()
    assert (hops(attribution), attribution.role) == (expected, "envoy")


def test_a_typed_chain_does_not_run_over_a_chain_that_was_changed_meanwhile() -> None:
    attribution, _agents, client, url = chains()
    speaker = make.make_agent(name="A minister")
    page = stale(client, url, lambda: edit(attribution, speaker=speaker), chain="A negotiator > SANA")
    assert rows(page)["Chain"][1:] == ("A minister > Sham Network > Al Jazeera", "A negotiator > SANA", None)
    written(go_on(client, url, page, **{"choose-speaker-and-relays": "yours"}))
    attribution.refresh_from_db()
    assert (attribution.speaker.name, hops(attribution)) == ("A negotiator", ["SANA"])


def test_relays_that_only_others_changed_are_kept_with_the_lines_that_were_typed() -> None:
    attribution, _agents, client, url = chains()

    def meanwhile() -> None:
        written(post(signed_in(Role.EDITOR), url, relays__1__withdrawn="on", relays__0__cue="told us"))

    lines = {"claims-TOTAL_FORMS": "1", "claims-0-answer": "an answer", "claims-0-statement_en": "A new claim."}
    lines |= {"claims-0-stance": "affirms", "claims-0-certainty": "plain", "claims-0-new_kind": "choice"}
    page = stale(client, url, meanwhile, **lines)
    assert "A new claim." in page.content.decode()
    written(go_on(client, url, page))
    assert hops(attribution) == ["Sham Network"]
    assert ClaimWording.objects.get().text == "A new claim."


def test_check_first_and_more_lines_lose_nothing_either() -> None:
    _attribution, _agents, client, url = chains()
    opened = fields_of(client.get(url))
    written(post(signed_in(Role.EDITOR), url, note="theirs"))
    more = client.post(url, {**opened, "role": "envoy", "_more_lines": "1"})
    assert (more.status_code, fields_of(more)["role"]) == (200, "envoy")
    with nothing_written():
        page = client.post(url, {**opened, "role": "envoy", "change_reason": REASON, "_check": "1"})
        assert page.status_code == 409
        checked = go_on(client, url, page)
    assert checked.status_code == 200
    assert "What saving this would mean" in checked.content.decode()
    assert fields_of(checked)["role"] == "envoy"


def test_what_cannot_be_done_any_more_is_said_with_what_was_typed() -> None:
    retraction = make_world()["retraction"]
    client = signed_in(Role.EDITOR)
    url = f"/admin/claims/retraction/{retraction.pk}/withdraw/"
    opened = fields_of(client.get(url))
    written(post(signed_in(Role.EDITOR), url))
    page = client.post(url, {**opened, "change_reason": "My own reason"})
    assert page.status_code == 409
    assert "This cannot be done to the record as it is now." in page.content.decode()
    assert fields_of(page)["change_reason"] == "My own reason"


def test_a_file_is_chosen_again() -> None:
    source = make.make_source()
    client = signed_in(Role.EDITOR)
    url = f"/admin/claims/source/{source.pk}/attach-text/"
    opened = fields_of(client.get(url))
    edit(source, note="theirs")
    file = SimpleUploadedFile("a.txt", b"A text.")
    page = client.post(url, {**opened, "change_reason": REASON, "content": file})
    assert "Choose the file again" in page.content.decode()
    again = SimpleUploadedFile("a.txt", b"A text.")
    written(client.post(url, {**fields_of(page), "content": again}))
    assert Source.objects.get().snapshots.count() == 1


def test_fresh_claims_of_a_list_are_reviewed_and_changed_ones_are_listed() -> None:
    reviewer = signed_in(Role.REVIEWER)
    changed, withdrawn, fresh = make_claims(3)
    keys = [claim.pk for claim in (changed, withdrawn, fresh)]
    ticked = {"action": "check_chosen", "_selected_action": keys, "index": "0"}
    asked = reviewer.post("/admin/claims/claim/", {**fields_of(reviewer.get("/admin/claims/claim/")), **ticked})
    edit(changed, note="changed meanwhile")
    edit(withdrawn, withdrawn=True)
    data = {**fields_of(asked), "_selected_action": keys, "change_reason": REASON}
    page: Any = reviewer.post("/admin/claims/claim/", data)
    assert page.status_code == 409
    assert [each.record.pk for each in page.context["stale"]] == [changed.pk, withdrawn.pk]
    assert "changed meanwhile" in page.content.decode()
    reviews = dict(Claim.objects.values_list("pk", "review"))
    assert reviews == {changed.pk: "pending", withdrawn.pk: "pending", fresh.pk: "checked"}
    more = {"_selected_action": [changed.pk]}
    written(reviewer.post("/admin/claims/claim/", {**fields_of(page), **more}))
    assert Claim.objects.get(pk=changed.pk).review == "checked"
    assert Claim.objects.get(pk=withdrawn.pk).review == "pending"


def test_who_may_only_look_sees_no_conflict() -> None:
    side = make.make_side()
    client = signed_in(Role.AUDITOR)
    url = f"/admin/claims/side/{side.pk}/change/"
    with nothing_written():
        assert client.post(url, {"record_version": "99", "note": "x", "_resolve": "1"}).status_code == 403


def at_once(work: Callable[[int], int], number: int = 4) -> list[int]:
    """What each of several people gets who press the button in the same moment."""
    barrier = threading.Barrier(number)
    answers: list[int] = []
    failures: list[BaseException] = []

    def press(place: int) -> Callable[[], None]:
        def run() -> None:
            barrier.wait()
            answers.append(work(place))

        return run

    for thread in [in_a_thread(press(place), failures) for place in range(number)]:
        thread.join()
    assert failures == []
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["side", "claim", "attribution", "retract", "list", "user"])
def test_of_those_who_save_in_one_moment_one_wins_and_the_others_are_shown_the_conflict(kind: str) -> None:
    world: dict[str, Any] = {**make_world(), "user": make.make_user(Role.EDITOR)}
    clients = [signed_in(Role.ADMINISTRATOR) for _ in range(4)]
    claim = world["claim"]
    url = {
        "retract": f"/admin/claims/claim/{claim.pk}/retract/",
        "list": "/admin/claims/claim/",
    }.get(kind) or f"/admin/claims/{kind}/{world[kind].pk}/change/"
    pages = [fields_of(client.get(url)) for client in clients]
    if kind == "list":
        ticked = {"action": "check_chosen", "_selected_action": [claim.pk], "index": "0"}
        asked = [fields_of(one.post(url, {**page, **ticked})) for one, page in zip(clients, pages, strict=True)]
        pages = [{**page, "_selected_action": [claim.pk]} for page in asked]
    if kind == "retract":
        edit(claim, note="changed before")

    def save(place: int) -> int:
        typed = {"note": f"by {place}", "change_reason": REASON}
        typed |= {"attribution": {"relays-0-cue": f"by {place}"}, "user": {"last_name": f"by {place}"}}.get(kind, {})
        return int(clients[place].post(url, {**pages[place], **typed}).status_code)

    expected = [409] * 4 if kind == "retract" else [302, 409, 409, 409]
    assert at_once(save) == expected
    assert Retraction.objects.filter(claim=claim).count() == 0
    if kind == "side":
        assert Side.objects.get().version == 2
