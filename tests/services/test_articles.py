"""The two articles themselves, attached: every passage of the demonstration is found in them, moved or altered."""

from collections.abc import Mapping

import pytest

from claims.domain.vocabulary import AgentKind, Review
from claims.models import Agent, Attribution, Claim, Passage, Record, Snapshot, Source
from claims.queries.texts import texts_of
from claims.services.texts import Attached, attach_text
from claims.services.transaction import change, save
from claims.text.outcome import Outcome
from tests.interchange.demonstration import EXTRA, ROWS
from tests.real_data import real_data

pytestmark = pytest.mark.django_db

ARTICLES = {
    "3be0d9a030f77c991458b9112adcae05cdfabdbdfe3762550ccee8bdbce76cba": "articles/002_f3c799d357b97f0c.txt",
    "f5d692685f38dfc3c02e430b526060415b8f28ca77bc82cf63d8426d3e5c3fd4": "articles/000_80ce11c145007b05.txt",
}


def article(snapshot: Snapshot) -> bytes:
    return real_data(ARTICLES[snapshot.sha256]).read_bytes()


@pytest.fixture
def snapshots() -> list[Snapshot]:
    """The demonstration's two sources, by their hashes alone, each with a checked claim for every row."""
    sources = {each["title"]: Source(title=each["title"]) for each in EXTRA["sources"]}
    snapshots = {
        title: Snapshot(source=source, sha256=found["snapshot"]["text_sha256"])
        for (title, source), found in zip(sources.items(), EXTRA["sources"], strict=True)
    }
    speaker = Agent(kind=AgentKind.OUTLET.value, name="Anybody")
    attributions, claims, passages = [], [], []
    for row in ROWS:
        attribution = Attribution(source=sources[row["source"]], speaker=speaker)
        attributions.append(attribution)
        claims.append(Claim(attribution=attribution, answer=row["answer"], review=Review.CHECKED.value))
        passages.append(passage_of(row, attribution, snapshots[row["source"]]))
    records: list[Record] = [speaker, *sources.values(), *snapshots.values(), *attributions, *claims, *passages]
    with change(by=None, reason="The demonstration", command="test") as this:
        save(this, records)
    return list(snapshots.values())


def passage_of(row: Mapping[str, str], attribution: Attribution, snapshot: Snapshot) -> Passage:
    start = int(row["start"])
    return Passage(
        attribution=attribution,
        snapshot=snapshot,
        exact=row["quote"],
        prefix=row.get("prefix", ""),
        suffix=row.get("suffix", ""),
        start=start,
        end=start + len(row["quote"]),
    )


def attach(source: Source, content: bytes | str) -> Attached:
    octets = content.encode() if isinstance(content, str) else content
    return attach_text(source=source, content=octets, by=None, reason="The article", command="test")


def test_every_passage_is_exact_in_the_articles_as_published(snapshots: list[Snapshot]) -> None:
    found = 0
    for snapshot in snapshots:
        attached = attach(snapshot.source, article(snapshot))
        assert (attached.snapshot, attached.known, attached.stale) == (snapshot, False, ())
        assert {each.outcome for each in attached.results} == {Outcome.EXACT}
        assert all((each.start, each.found) == (each.passage.start, each.passage.exact) for each in attached.results)
        found += len(attached.results)
    assert found == len(ROWS)


def test_every_passage_is_moved_by_a_paragraph_at_the_head(snapshots: list[Snapshot]) -> None:
    head = "حمص - يوم الثلاثاء\n\n"
    for snapshot in snapshots:
        attach(snapshot.source, article(snapshot))
        attached = attach(snapshot.source, head + article(snapshot).decode())
        assert texts_of(snapshot.source) == [snapshot, attached.snapshot]
        assert {each.outcome for each in attached.results} == {Outcome.MOVED}
        assert all(each.start == (each.passage.start or 0) + len(head) for each in attached.results)
        assert attached.stale == ()


def test_a_word_changed_inside_a_passage_alters_it_and_makes_its_reviews_stale(snapshots: list[Snapshot]) -> None:
    for snapshot in snapshots:
        text = article(snapshot).decode()
        attach(snapshot.source, text)
        quote = changed_quote(snapshot)
        words = quote.split()
        changed = text.replace(quote, " ".join([*words[:1], "غيّرناها", *words[2:]]), 1)
        attached = attach(snapshot.source, changed)
        altered = {each.passage for each in attached.results if each.outcome == Outcome.ALTERED}
        assert {passage.exact for passage in altered} >= {quote}
        assert {each.outcome for each in attached.results} == {Outcome.ALTERED, Outcome.MOVED, Outcome.EXACT}
        resting = set(Claim.objects.filter(attribution__passages__in=altered))
        assert set(attached.stale) == set(Claim.objects.filter(review_stale=True, attribution__source=snapshot.source))
        assert set(attached.stale) == resting


def changed_quote(snapshot: Snapshot) -> str:
    """A quote with several words, in the middle of the article."""
    passages = Passage.objects.filter(snapshot=snapshot).order_by("start")
    long = [passage.exact for passage in passages if len(passage.exact.split()) >= 4]
    return long[len(long) // 2]


def test_the_original_vouches_for_itself_after_a_changed_copy_came_first(snapshots: list[Snapshot]) -> None:
    for snapshot in snapshots:
        copy = attach(snapshot.source, article(snapshot).replace("حمص".encode(), "حـمص".encode(), 1)).snapshot
        assert copy != snapshot
        attached = attach(snapshot.source, article(snapshot))
        assert attached.snapshot == snapshot
        assert {each.outcome for each in attached.results} == {Outcome.EXACT}


def test_attaching_never_rewrites_a_passage(snapshots: list[Snapshot]) -> None:
    before = list(Passage.objects.order_by("pk").values_list())
    for snapshot in snapshots:
        attach(snapshot.source, "حمص\n" + article(snapshot).decode())
        attach(snapshot.source, article(snapshot))
    assert list(Passage.objects.order_by("pk").values_list()) == before
