"""Every form and inline of the admin, posted: written by a service, with the reason and the user in the history."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import RECORDS, ClaimWording, OutsideService, Record, User
from claims.permissions import Role
from tests import factories as make
from tests.admin.forms import REASON, mistakes, post, signed_in, written
from tests.admin.world import make_world
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db

World = dict[str, Record]

# What is typed into each form, with a line in each of its inlines; {name} stands for the key of that record.
ADDED: dict[str, dict[str, Any]] = {
    "side": {"name": "UN", "translations_ar": "الأمم المتحدة", "party": "on"},
    "agent": {"name": "A mayor", "kind": "person", "names__0__language": "ar", "names__0__text": "رئيس البلدية"},
    "source": {"title": "Another report", "translations_ar": "تقرير", "url": "https://example.org/a"},
    "topic": {"name": "Aleppo", "translations_ar": "حلب"},
    "question": {"text": "Where to?", "options__0__label": "Idlib", "options__0__translations_ar": "إدلب"},
    "attribution": {
        "source": "{source}",
        "speaker": "{agent}",
        "relays__0__agent": "{agent}",
        "claims__0__answer": "yes",
        "claims__0__statement_en": "It was agreed.",
    },
}
CHANGED: dict[str, dict[str, Any]] = {
    "side": {"note": "changed"},
    "agent": {"note": "changed", "names__0__text": "الوزير", "names__1__language": "en", "names__1__text": "minister"},
    "source": {"note": "changed"},
    "topic": {"note": "changed"},
    "question": {"note": "changed", "options__1__label": "A truce", "options__2__label": "War"},
    "attribution": {
        "note": "changed",
        "relays__0__cue": "told us",
        "passages__0__exact": "He said",
        "quote": "and left",
        "words_before": "it was agreed, ",
    },
    "claim": {"note": "changed", "wordings__0__text": "Another wording", "wordings__1__language": "ar"}
    | {"wordings__1__text": "صياغة"},
}
TYPED: dict[str, dict[str, Any]] = {
    "claim/revise": {"other": "{second}"},
    "claim/both-stand": {"other": "{second}"},
    "claim/disown": {"other": "{second}"},
    "claim/retract": {"dated_on": "2016-09-20", "source": "{source}", "quote": "taken back"},
    "claim/correct": {"note": "The desk erred"},
    "agent/same": {"same_as": "{third}"},
    "agent/distinct": {"second": "{fourth}"},
    "question/settle": {"answer": "Truce", "grounds": "Two sources say so"},
    "source/attach-text": {"text": "Another text that it was agreed."},
}


def acts() -> list[str]:
    """Every small form: "claim/check"."""
    found = []
    for model, model_admin in admin.site._registry.items():
        found += [f"{model._meta.model_name}/{act.name}" for act in getattr(model_admin, "acts", ())]
    return sorted(found)


def filled(world: World, typed: dict[str, Any]) -> dict[str, Any]:
    keys = {name: record.pk for name, record in world.items()}
    return {name: value.format(**keys) if isinstance(value, str) else value for name, value in typed.items()}


def versions() -> dict[str, int]:
    return {model.__name__: model.history.count() for model in RECORDS}  # type: ignore[attr-defined]


def test_every_form_that_can_be_posted_is_posted_here() -> None:
    request = type("Request", (), {"user": make.make_user(Role.ADMINISTRATOR), "method": "GET"})()
    for model, model_admin in admin.site._registry.items():
        if issubclass(model, Record):
            name = model._meta.model_name
            assert model_admin.has_add_permission(request) is (name in ADDED), name
            assert model_admin.has_change_permission(request) is (name in CHANGED), name


@pytest.mark.parametrize("kind", ADDED)
def test_adding_goes_through_a_service(kind: str) -> None:
    world = make_world()
    user = make.make_user(Role.EDITOR)
    before = versions()
    written(post(signed_in(user), f"/admin/claims/{kind}/add/", **filled(world, ADDED[kind])))
    assert versions() != before
    record = type(world[kind]).objects.order_by("pk").last()
    assert why(record) == (REASON, user)
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("kind", CHANGED)
def test_changing_with_every_inline_goes_through_a_service(kind: str) -> None:
    world = make_world()
    user = make.make_user(Role.EDITOR)
    record = world[kind]
    record.refresh_from_db()
    before = record.version
    written(post(signed_in(user), f"/admin/claims/{kind}/{record.pk}/change/", **filled(world, CHANGED[kind])))
    record.refresh_from_db()
    assert record.note == "changed"  # type: ignore[attr-defined]
    assert record.version > before
    assert why(record) == (REASON, user)


@pytest.mark.parametrize("kind", CHANGED)
def test_a_form_posted_as_it_was_opened_writes_nothing(kind: str) -> None:
    record = make_world()[kind]
    client = signed_in(Role.EDITOR)
    with nothing_written():
        written(post(client, f"/admin/claims/{kind}/{record.pk}/change/"))


@pytest.mark.parametrize("kind", CHANGED)
def test_withdrawing_keeps_the_record_and_a_stale_form_is_refused(kind: str) -> None:
    record = make_world()[kind]
    url = f"/admin/claims/{kind}/{record.pk}/change/"
    client = signed_in(Role.EDITOR)
    written(post(client, url, withdrawn="on"))
    record.refresh_from_db()
    assert record.withdrawn
    with nothing_written():
        response = post(client, url, note="too late", record_version="1")
    assert response.status_code == 409
    assert "too late" in response.content.decode()


@pytest.mark.parametrize("act", acts())
def test_every_small_form_goes_through_a_service(act: str) -> None:
    kind, name = act.split("/")
    world = make_world()
    claim: Any = world["claim"]
    speaker = claim.attribution.speaker
    again = make.make_attribution(speaker=speaker)
    world["second"] = make.make_claim(claim.question, attribution=again, options=[make.make_option(claim.question)])
    world["third"], world["fourth"] = make.make_agent(), make.make_agent()
    record = world[kind]
    user = make.make_user(Role.ADMINISTRATOR)
    client = signed_in(user)
    if name == "reopen":
        written(post(client, f"/admin/claims/claim/{record.pk}/check/"))
    if name == "not-same":
        written(post(client, f"/admin/claims/agent/{record.pk}/same/", same_as=world["third"].pk))
    before = versions()
    url = f"/admin/claims/{kind}/{record.pk}/{name}/"
    with nothing_written():
        assert "change_reason" in mistakes(post(client, url, **filled(world, TYPED.get(act, {})), change_reason=""))
        stale = post(client, url, **filled(world, TYPED.get(act, {})), record_version="99")
        assert stale.status_code == 409
    response = written(post(client, url, **filled(world, TYPED.get(act, {}))))
    assert response.headers["Location"] == f"/admin/claims/{kind}/{record.pk}/change/"
    assert versions() != before
    changed = [model for model in RECORDS if versions()[model.__name__] > before[model.__name__]]
    newest = [model.history.order_by("-history_id").first() for model in changed]  # type: ignore[attr-defined]
    assert {(row.history_change_reason, row.history_user) for row in newest} == {(REASON, user)}


def test_a_text_is_attached_from_a_file() -> None:
    world = make_world()
    file = SimpleUploadedFile("report.txt", "قال إن الاتفاق تم".encode("windows-1256"))
    url = f"/admin/claims/source/{world['source'].pk}/attach-text/"
    written(post(signed_in(Role.EDITOR), url, content=file, encoding="windows-1256"))
    assert world["source"].snapshots.order_by("-pk").first().encoding == "windows-1256"  # type: ignore[attr-defined]


def test_a_write_past_the_services_fails_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests rely on: an admin that saved the instance itself would be stopped."""
    side = make_world()["side"]
    model_admin = admin.site.get_model_admin(type(side))
    save: Callable[..., None] = lambda self, _request, form, _formsets: form.instance.save()  # noqa: E731
    monkeypatch.setattr(type(model_admin), "write", save)
    with pytest.raises(OutsideService):
        post(signed_in(Role.EDITOR), f"/admin/claims/side/{side.pk}/change/", note="x")


def test_users_are_made_given_roles_and_deactivated_by_a_service() -> None:
    administrator = make.make_user(Role.ADMINISTRATOR)
    client = signed_in(administrator)
    password = "a long enough phrase"
    written(post(client, "/admin/claims/user/add/", username="nour", roles="reviewer", new_password=password))
    user = User.objects.get(username="nour")
    assert user.check_password(password)
    assert [group.name for group in user.groups.all()] == ["reviewer"]
    url = f"/admin/claims/user/{user.pk}/change/"
    written(post(client, url, is_active=None))
    user.refresh_from_db()
    assert not user.is_active
    assert user.check_password(password)
    own = f"/admin/claims/user/{administrator.pk}/change/"
    assert "Nobody could manage users" in mistakes(post(client, own, roles=None))["roles"][0]
    assert "new_password" not in client.get(url).context["adminform"].form.fields
    for guessed in ("short", "nour-nour-nour", "123456789012345"):
        typed = {"username": "nour-nour", "roles": "reviewer", "new_password": guessed}
        assert "new_password" in mistakes(post(client, "/admin/claims/user/add/", **typed)), guessed
    assert not User.objects.filter(username="nour-nour").exists()
    administrator.refresh_from_db()
    assert [group.name for group in administrator.groups.all()] == ["administrator"]


@pytest.mark.parametrize(("language", "name"), [("en", "A truce was reached."), ("ar", "جرى التوصل إلى هدنة")])
def test_a_claim_is_called_by_its_statement_where_a_page_is_of_it_alone(
    settings: Any, language: str, name: str
) -> None:
    settings.LANGUAGE_CODE = language
    claim = make_world()["claim"]
    make.record(ClaimWording(claim=claim, language="ar", text="جرى التوصل إلى هدنة"))
    client = signed_in(Role.EDITOR)
    for page in ("change", "history", "compare"):
        html = client.get(f"/admin/claims/claim/{claim.pk}/{page}/").content.decode()
        crumbs = html.partition('class="breadcrumbs"')[2].partition("</nav>")[0]
        assert f"<h2><bdi>{name}</bdi></h2>" in html
        assert name in crumbs


def test_a_claim_just_changed_is_called_as_it_is_now() -> None:
    claim = make_world()["claim"]
    client = signed_in(Role.EDITOR)
    saved = written(
        post(client, f"/admin/claims/claim/{claim.pk}/change/", wordings__0__text="A ceasefire was reached.")
    )
    assert "“<a href=" in (told := str(next(iter(get_messages(saved.wsgi_request)))))
    assert "A ceasefire was reached.</a>”" in told


def test_a_claim_without_a_statement_is_called_by_its_question_and_answer() -> None:
    question = make.make_question(kind="yes_no", text="Was it agreed?")
    claim = make.make_claim(question, answer="yes", yes=True)
    page = signed_in(Role.EDITOR).get(f"/admin/claims/claim/{claim.pk}/change/")
    assert "<h2><bdi>Was it agreed? – yes</bdi></h2>" in page.content.decode()
