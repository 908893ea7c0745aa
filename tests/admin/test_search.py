"""Search boxes and look-ups of the admin: by words and their beginnings, in any language, as the records are now."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Agent, AgentName, NameToken
from claims.permissions import Role
from claims.queries import words
from claims.queries.lookups import AGENTS, SOURCES
from claims.queries.words import with_words
from tests import factories as make
from tests.admin.forms import signed_in
from tests.admin.world import make_claims, make_world

pytestmark = pytest.mark.django_db

URL = "https://www.example.org/news/2015/12/8/%D8%A7%D9%84%D9%88%D8%B9%D8%B1_truce?page=2"
KINDS = ("agent", "attribution", "claim", "question", "side", "snapshot", "source", "topic")


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.EDITOR)


def named(agent: Agent, language: str, text: str, *, alias: bool = False) -> AgentName:
    return make.record(AgentName(agent=agent, language=language, text=text, alias=alias))


def looked_up(client: Client, term: str, *, model: str = "attribution", field: str = "speaker") -> list[str]:
    address = "/admin/autocomplete/"
    asked = {"app_label": "claims", "model_name": model, "field_name": field, "term": term}
    return [each["text"] for each in client.get(address, asked).json()["results"]]


def listed(client: Client, kind: str, term: str) -> list[Any]:
    return list(client.get(f"/admin/claims/{kind}/", {"q": term}).context["cl"].result_list)


@pytest.mark.parametrize(
    "typed",
    [
        *("وزير", "الوزير", "وزيرُ", "الوَزِير", "الخارجية", "خارجية", "خارجي", "خار", "والخارجية", "وزير الخارجية"),
        *(
            "الخار وز",
            "minister",
            "Mini",
            "MINISTER of",
            "foreign min",
            "abu",
            "Abū Fāris",
            "faris abu",
            "أبو",
            "ابو فارس",
        ),
    ],
)
def test_an_agent_is_found_by_the_beginnings_of_words_of_any_name(typed: str, editor: Client) -> None:
    agent = make.make_agent(name="Foreign Minister of the Interim Government")
    make.make_agent(name="Somebody else")
    named(agent, "ar", "وَزيرُ الخارجيّة")
    named(agent, "en", "Abu Faris", alias=True)
    named(agent, "ar", "أبو فارس", alias=True)
    assert looked_up(editor, typed) == [agent.name]
    assert listed(editor, "agent", typed) == [agent]


@pytest.mark.parametrize("typed", ["inister", "فارس وزارة", "nobody", "minister nobody", "!?", "ز", "%", "_"])
def test_what_no_word_begins_with_finds_nothing(typed: str, editor: Client) -> None:
    agent = make.make_agent(name="Minister")
    named(agent, "ar", "أبو فارس")
    assert looked_up(editor, typed) == []
    assert listed(editor, "agent", typed) == []


def test_each_beginning_of_a_name_finds_it_while_it_is_typed(editor: Client) -> None:
    agent = make.make_agent(name="السوريون الأحرار")
    for word in ("السوريون", "سوريون", "الأحرار", "أحرار"):
        for length in range(1, len(word) + 1):
            assert list(with_words(Agent.objects.all(), word[:length])) == [agent], word[:length]


@pytest.mark.parametrize(
    "typed",
    [
        *(
            URL,
            URL.removeprefix("https://"),
            "http://www.example.org/news/2015/12/8/الوعر_truce?page=2",
            "example",
            "الوعر",
        ),
        *("truce", "example.org/news", "تقرير", "A rep", "report تقارير"),
    ],
)
def test_a_source_is_found_by_titles_and_by_its_address(typed: str, editor: Client) -> None:
    source = make.make_source(title="A report", translations={"ar": "التقرير"}, url=URL)
    make.make_source(title="Something else", url="https://other.net/1")
    found = looked_up(editor, typed, field="source")
    assert found == ([] if typed == "report تقارير" else [source.title])


def test_questions_topics_and_sides_are_found_in_every_language(editor: Client) -> None:
    question = make.make_question(text="Was a truce reached?", translations={"ar": "هل تمّ التوصل إلى هدنة؟"})
    topic = make.make_topic(name="Al-Waer", translations={"ar": "الوعر"})
    side = make.make_side(name="opposition", translations={"ar": "المعارضة"})
    for kind, record, typed in (
        *(("question", question, term) for term in ("truce", "هدن", "reach tru", "الهدنة")),
        *(("topic", topic, term) for term in ("waer", "al-w", "وعر")),
        *(("side", side, term) for term in ("opp", "معارضة")),
    ):
        assert listed(editor, kind, typed) == [record], typed
        assert listed(editor, kind, f"{typed} nothing") == []


def test_snapshots_are_found_by_the_beginning_of_their_hash_and_by_their_source(editor: Client) -> None:
    source = make.make_source(title="A report")
    snapshot = make.make_snapshot(source, sha256="ab12" + "0" * 60)
    make.make_snapshot(make.make_source(title="Another"), sha256="cd34" + "0" * 60)
    for typed in ("ab1", "AB12", snapshot.sha256, "report", "ab12 report"):
        assert listed(editor, "snapshot", typed) == [snapshot], typed
    assert listed(editor, "snapshot", "ab12 another") == []


def test_attributions_and_claims_are_found_by_speaker_source_and_statement(editor: Client) -> None:
    world: Any = make_world()
    make_claims(2)
    for typed in ("minister", "mini truce", "الوزير"):
        assert world["attribution"] in listed(editor, "attribution", typed), typed
        assert looked_up(editor, typed, model="claim", field="copied_from"), typed
    assert listed(editor, "attribution", "minister zzz") == []


def test_what_is_renamed_or_withdrawn_follows(editor: Client) -> None:
    agent = make.make_agent(name="Minister")
    alias = named(agent, "en", "Spokesman", alias=True)
    agent.name = "Governor"
    make.record(agent)
    assert (looked_up(editor, "minister"), looked_up(editor, "gov")) == ([], ["Governor"])
    alias.text = "Envoy"
    make.record(alias)
    assert (looked_up(editor, "spokesman"), looked_up(editor, "envoy")) == ([], ["Governor"])
    alias.withdrawn = True
    make.record(alias)
    assert looked_up(editor, "envoy") == []
    agent.refresh_from_db()
    agent.withdrawn = True
    make.record(agent)
    assert looked_up(editor, "governor") == []  # nothing is offered that was withdrawn
    assert listed(editor, "agent", "governor") == [agent]  # and what was withdrawn can be taken back


def test_nothing_else_is_written_with_a_change_of_one_name() -> None:
    agent = make.make_agent(name="Minister of health")
    kept = set(NameToken.objects.filter(token__in=["minister", "of"]).values_list("pk", flat=True))
    agent.name = "Minister of finance"
    make.record(agent)
    rows = dict(NameToken.objects.filter(kind="agent", record=agent.pk).values_list("token", "pk"))
    assert set(rows) == {"minister", "of", "finance"}
    assert {rows["minister"], rows["of"]} == kept


@pytest.mark.parametrize("few", [0, 1, 3, 2_000])
def test_few_and_many_are_found_alike(few: int, editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked up by key, together, or walked and asked one by one."""
    monkeypatch.setattr(words, "FEW", few)
    monkeypatch.setattr(words, "FEW_TOGETHER", few // 2)
    ministers = [make.make_agent(name=f"Minister {number}") for number in ("nought", "one", "two", "three")]
    other = make.make_agent(name="The other ministry")
    for agent in (*ministers, other):
        named(agent, "ar", "الوزارة")
    assert listed(editor, "agent", "minister") == ministers[::-1]
    assert listed(editor, "agent", "minis") == [other, *ministers[::-1]]
    assert listed(editor, "agent", "mini وزارات") == [other, *ministers[::-1]]
    assert listed(editor, "agent", "minister two") == ministers[2:3]
    assert listed(editor, "agent", "minister zzz") == []
    snapshots = [make.make_snapshot(make.make_source(title=f"Report {n}"), sha256=f"{n}" * 64) for n in range(4)]
    assert listed(editor, "snapshot", "report") == snapshots[::-1]
    assert listed(editor, "snapshot", "report 22") == [snapshots[2]]


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_queries_does_not_grow(kind: str) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    make_world()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/admin/claims/{kind}/?q=s o").status_code == 200
        return len(captured)

    make_claims(10)
    queries()
    at_ten = queries()
    make_claims(190)
    assert queries() <= at_ten


def test_what_a_researcher_may_mean_is_found_by_any_word() -> None:
    agent = make.make_agent(name="Governor of Homs")
    named(agent, "ar", "محافظ حمص")
    for typed in ("homs", "Hom", "محافظ", "governor h"):
        assert AGENTS.suggestions(typed) == [agent.name], typed
    make.make_source(title="A report", url="https://example.org/al-waer")
    assert SOURCES.suggestions("waer") == ["A report"]
    assert SOURCES.suggestions("nothing") == []
