"""Texts: kept byte for byte, known by their hash, and every passage of the source looked for in each."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.domain.vocabulary import Review
from claims.models import Claim, Passage, PassageLocation, Snapshot, SnapshotContent, Source, User
from claims.permissions import Role
from claims.queries.texts import changes_between, has_text, text_of, texts_of
from claims.services.texts import Attached, attach_pasted, attach_text
from claims.text.decoding import MAX_BYTES
from claims.text.differences import Change, Segment
from claims.text.outcome import Outcome
from claims.wording import plain
from tests import factories as make
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db

ENGLISH = "The governor said that three hundred fighters would leave the district within the week.\n"
ARABIC = "قال المحافظ إن ثلاثمئة مقاتل سيغادرون الحي خلال أسبوع، وإن الباقين سيبقون فيه إلى حين.\n"
QUOTE = "three hundred fighters"


@pytest.fixture
def editor() -> User:
    return make.make_user(Role.EDITOR)


@pytest.fixture
def source() -> Source:
    return make.make_source()


@pytest.fixture
def attach(source: Source, editor: User) -> Callable[..., Attached]:
    def attach(content: bytes | str, **options: str) -> Attached:
        octets = content.encode() if isinstance(content, str) else content
        return attach_text(source=source, content=octets, by=editor, reason="The article", **options)

    return attach


def checked(source: Source, **fields: object) -> tuple[Claim, Passage]:
    """A checked claim of the source with a passage, on a snapshot that is known by its hash alone."""
    attribution = make.make_attribution(source=source)
    claim = make.make_claim(attribution=attribution, review=Review.CHECKED.value)
    passage = make.make_passage(attribution, **{"exact": QUOTE, **fields})
    return claim, passage


def is_stale(claim: Claim) -> bool:
    return Claim.objects.get(pk=claim.pk).review_stale


def outcome(attached: Attached) -> str:
    [location] = attached.results
    return location.outcome


# --- keeping ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        (ENGLISH.encode(), "utf-8", ENGLISH),
        (b"\xef\xbb\xbf" + ARABIC.encode(), "utf-8", ARABIC),
        (b"\xff\xfe" + ARABIC.encode("utf-16-le"), "utf-16-le", ARABIC),
        (ARABIC.encode("utf-16-be"), "utf-16-be", ARABIC),
        (ARABIC.encode("windows-1256"), "windows-1256", ARABIC),
        (b"one\r\ntwo\rthree", "utf-8", "one\r\ntwo\rthree"),
    ],
)
def test_a_text_is_kept_byte_for_byte_with_its_hash(
    content: bytes, encoding: str, text: str, attach: Callable[..., Attached], source: Source
) -> None:
    snapshot = attach(content, captured_on="2016-01~", archive_url="https://archive.example/1").snapshot
    kept = Snapshot.objects.get()
    assert kept == snapshot
    assert (kept.source, kept.sha256, kept.length) == (source, sha256(content).hexdigest(), len(content))
    assert (kept.encoding, kept.captured_on, kept.archive_url) == (encoding, "2016-01~", "https://archive.example/1")
    assert bytes(SnapshotContent.objects.get(snapshot=kept).content) == content
    assert text_of(kept) == text


def test_who_attached_a_text_when_and_why_is_kept(attach: Callable[..., Attached], editor: User) -> None:
    snapshot = attach(ENGLISH).snapshot
    assert (snapshot.captured_by, snapshot.captured_at) == (editor, snapshot.recorded_at)
    assert why(snapshot) == ("The article", editor)


def test_a_pasted_text_has_plain_line_ends_whatever_the_browser_made_of_them(source: Source, editor: User) -> None:
    pasted = attach_pasted(source=source, text="one\r\ntwo\r", by=editor, reason="Pasted")
    assert bytes(SnapshotContent.objects.get().content) == b"one\ntwo\n"
    assert not pasted.known
    assert attach_text(source=source, content=b"one\ntwo\n", by=editor, reason="The file").known


def test_the_same_bytes_again_are_the_same_snapshot_and_that_is_said(attach: Callable[..., Attached]) -> None:
    first = attach(ENGLISH)
    with nothing_written():
        again = attach(ENGLISH)
    assert (first.known, again.known) == (False, True)
    assert again.snapshot == first.snapshot


def test_the_same_text_may_be_that_of_two_sources(attach: Callable[..., Attached], editor: User) -> None:
    first = attach(ENGLISH)
    other = attach_text(source=make.make_source(), content=ENGLISH.encode(), by=editor, reason="Reprinted")
    assert not other.known
    assert other.snapshot != first.snapshot


def test_a_snapshot_known_by_its_hash_gets_its_text(
    attach: Callable[..., Attached], source: Source, editor: User
) -> None:
    known = make.make_snapshot(source, sha256=sha256(ENGLISH.encode()).hexdigest(), captured_on="2015-12-02")
    assert not has_text(known)
    attached = attach(ENGLISH, archive_url="https://archive.example/1")
    assert (attached.snapshot, attached.known) == (known, False)
    kept = Snapshot.objects.get()
    assert (kept.length, kept.encoding, kept.version) == (len(ENGLISH), "utf-8", 2)
    assert (kept.captured_on, kept.archive_url, kept.captured_by) == ("2015-12-02", "https://archive.example/1", editor)
    assert has_text(known)


def test_a_text_that_matches_no_hash_becomes_a_snapshot_of_its_own(
    attach: Callable[..., Attached], source: Source
) -> None:
    known = make.make_snapshot(source, sha256=sha256(ENGLISH.encode()).hexdigest())
    attached = attach(ENGLISH + " ")
    assert attached.snapshot != known
    assert texts_of(source) == [attached.snapshot]
    assert not has_text(known)


@pytest.mark.parametrize(("field", "other"), [("captured_on", "2016"), ("archive_url", "https://archive.example/2")])
def test_what_is_on_record_of_a_snapshot_is_not_said_otherwise(
    field: str, other: str, attach: Callable[..., Attached]
) -> None:
    attach(ENGLISH, captured_on="2015", archive_url="https://archive.example/1")
    with nothing_written(), pytest.raises(ValidationError, match="Leave this empty") as raised:
        attach(ENGLISH, **{field: other})
    assert list(raised.value.message_dict) == [field]


def test_a_withdrawn_snapshot_comes_back_with_its_text(attach: Callable[..., Attached], source: Source) -> None:
    snapshot = attach(ENGLISH).snapshot
    snapshot.withdrawn = True
    make.record(snapshot)
    assert texts_of(source) == []
    attached = attach(ENGLISH)
    assert (attached.snapshot, attached.known) == (snapshot, False)
    assert texts_of(source) == [snapshot]


def test_bytes_that_were_misread_are_read_again_in_the_encoding_named(
    attach: Callable[..., Attached], source: Source
) -> None:
    claim, _passage = checked(source, exact="ثلاثمئة مقاتل")
    content = ARABIC.encode("windows-1256")
    misread = attach(content, encoding="windows-1252")
    assert (outcome(misread), is_stale(claim)) == (Outcome.LOST, True)
    again = attach(content, encoding="cp1256")
    assert (again.known, again.snapshot, outcome(again)) == (True, misread.snapshot, Outcome.EXACT)
    assert (Snapshot.objects.get(pk=again.snapshot.pk).encoding, text_of(again.snapshot)) == ("windows-1256", ARABIC)
    assert attach(content).snapshot.encoding == "windows-1256"


def test_an_encoding_that_was_named_once_need_not_be_named_again(attach: Callable[..., Attached]) -> None:
    content = "Élan à Alep".encode("windows-1252")
    attach(content, encoding="windows-1252")
    with nothing_written():
        assert attach(content).known


# --- refusing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "encoding", "field", "sentence"),
    [
        (b"", None, "content", "There is no text in it"),
        (b" \n\t", None, "content", "There is no text in it"),
        (b"a" * (50 * 1024 * 1024), None, "content", "52,428,800 bytes"),
        (b"a" * (MAX_BYTES + 1), "utf-8", "content", "at most"),
        (b"one\0two", None, "content", "Byte 3 is a NUL"),
        (b"%PDF-1.7 ...", None, "content", "PDF"),
        (b"\x81\x01\xff", None, "content", "in none of the encodings that are read here"),
        ("Élan à Alep".encode("windows-1252"), None, "encoding", "cannot be told"),
        (b"\xe9lan", "utf-8", "encoding", "byte 0 (0xE9)"),
        (b"\xef\xbb\xbfwords", "utf-16-le", "encoding", "is marked at its beginning as utf-8"),
        (b"words", "klingon", "encoding", "klingon"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_refused_on_their_field(
    content: bytes, encoding: str | None, field: str, sentence: str, attach: Callable[..., Attached]
) -> None:
    with nothing_written(), pytest.raises(ValidationError) as raised:
        attach(content, **({"encoding": encoding} if encoding else {}))
    assert list(raised.value.message_dict) == [field]
    assert sentence in plain(raised.value.messages[0])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "no text"), ("one\0two", "NUL"), ("one \ud83d", "half of a character"), (" \n", "no text")],
)
def test_a_pasted_text_that_is_none_is_refused_on_its_field(
    text: str, sentence: str, source: Source, editor: User
) -> None:
    with nothing_written(), pytest.raises(ValidationError) as raised:
        attach_pasted(source=source, text=text, by=editor, reason="Pasted")
    assert list(raised.value.message_dict) == ["text"]
    assert sentence in plain(raised.value.messages[0])


def test_other_fields_are_refused_too(attach: Callable[..., Attached], source: Source) -> None:
    refused = {"captured_on": "last year", "archive_url": "javascript:alert(1)"}
    for field, value in refused.items():
        with nothing_written(), pytest.raises(ValidationError) as raised:
            attach(ENGLISH, **{field: value})
        assert field in raised.value.message_dict or "https://" in raised.value.messages[0]
    source.withdrawn = True
    make.record(source)
    with nothing_written(), pytest.raises(ValidationError) as raised:
        attach(ENGLISH)
    assert list(raised.value.message_dict) == ["source"]


# --- finding passages ---------------------------------------------------------------------------------------------


def test_every_current_passage_of_the_source_is_looked_for(attach: Callable[..., Attached], source: Source) -> None:
    _claim, found = checked(source, start=ENGLISH.index(QUOTE), end=ENGLISH.index(QUOTE) + len(QUOTE))
    _claim, lost = checked(source, exact="nobody was to leave at all")
    checked(source, withdrawn=True)
    checked(make.make_source())
    withdrawn = make.make_attribution(source=source, withdrawn=True)
    make.make_passage(withdrawn, exact=QUOTE)
    attached = attach(ENGLISH)
    assert [(each.passage, each.outcome) for each in attached.results] == [(found, "exact"), (lost, "lost")]
    kept = PassageLocation.objects.get(passage=found)
    start = ENGLISH.index(QUOTE)
    assert (kept.snapshot, kept.start, kept.end, kept.found) == (attached.snapshot, start, start + len(QUOTE), QUOTE)
    assert PassageLocation.objects.get(passage=lost).start is None
    assert PassageLocation.objects.count() == 2


CHANGED = {
    "exact": (ENGLISH, False),
    "moved": ("Homs, Tuesday.\n\n" + ENGLISH, False),
    "altered": (ENGLISH.replace("three hundred", "two hundred"), True),
    "lost": ("Nothing at all is written here any more about anybody.", True),
}


@pytest.mark.parametrize("became", CHANGED)
def test_a_changed_article_makes_the_review_stale_where_its_passage_is_gone(
    became: str, attach: Callable[..., Attached], source: Source, editor: User
) -> None:
    start = ENGLISH.index(QUOTE)
    around = {"prefix": ENGLISH[start - 10 : start], "suffix": ENGLISH[start + len(QUOTE) :][:10]}
    claim, passage = checked(source, start=start, end=start + len(QUOTE), **around)
    text, stale = CHANGED[became]
    first = attach(ENGLISH)
    assert (outcome(first), first.stale) == ("exact", ())
    attached = attach(text)
    assert (outcome(attached), attached.stale) == (became, (claim,) if stale else ())
    assert is_stale(claim) is stale
    if stale:
        assert why(claim) == ("The article", editor)
        assert Claim.objects.get().version == 2
    assert Passage.objects.get() == passage
    assert Passage.objects.get().version == 1


def test_only_checked_claims_become_stale(attach: Callable[..., Attached], source: Source) -> None:
    attribution = make.make_attribution(source=source)
    make.make_passage(attribution, exact="gone")
    for review in (Review.PENDING, Review.DISCARDED):
        make.make_claim(attribution=attribution, review=review.value)
    assert attach(ENGLISH).stale == ()
    assert not Claim.objects.filter(review_stale=True).exists()


def test_a_review_made_after_the_text_came_in_stays(attach: Callable[..., Attached], source: Source) -> None:
    claim, _passage = checked(source, exact="gone")
    attach(ENGLISH)
    claim.refresh_from_db()
    claim.review_stale = False
    make.record(claim)
    assert (attach(ENGLISH).stale, is_stale(claim)) == ((), False)


def test_an_older_capture_makes_nothing_stale(attach: Callable[..., Attached], source: Source) -> None:
    claim, _passage = checked(source)
    newest = attach(ENGLISH, captured_on="2016-01-01").snapshot
    older = attach("Three fighters, we hear.", captured_on="2015-12-31")
    assert (outcome(older), older.stale, is_stale(claim)) == ("lost", (), False)
    assert texts_of(source) == [older.snapshot, newest]


def test_a_passage_without_a_word_stays_unchecked(attach: Callable[..., Attached], source: Source) -> None:
    claim, _passage = checked(source, exact="…")
    assert (outcome(attach(ENGLISH)), is_stale(claim)) == (Outcome.UNCHECKED, False)


def test_the_number_of_queries_does_not_grow_with_passages(attach: Callable[..., Attached], source: Source) -> None:
    counts = []
    for text, passages in ((ENGLISH, 3), (f"{ENGLISH} And more.", 30)):
        for _number in range(passages - len(counts) * 3):
            checked(source)
        with CaptureQueriesContext(connection) as queries:
            assert len(attach(text).results) == passages
        counts.append(len(queries))
    assert counts[1] <= counts[0] <= 41


# --- reading ------------------------------------------------------------------------------------------------------


def test_texts_come_in_the_order_of_their_capture(attach: Callable[..., Attached], source: Source) -> None:
    numbers = count()
    texts = {stated: attach(f"text {next(numbers)}", captured_on=stated).snapshot for stated in ("", "2015", "2014-05")}
    early = attach("text of 1990").snapshot
    early.captured_at -= timedelta(days=10000)
    make.record(early)
    make.make_snapshot(source)
    assert texts_of(source) == [early, texts["2014-05"], texts["2015"], texts[""]]


def test_two_texts_differ_word_by_word(attach: Callable[..., Attached]) -> None:
    old, new = attach("three hundred left").snapshot, attach("two hundred left").snapshot
    assert changes_between(old, new) == (
        Segment(Change.REMOVED, "three"),
        Segment(Change.ADDED, "two"),
        Segment(Change.EQUAL, " hundred left"),
    )


def test_a_snapshot_without_its_text_says_so() -> None:
    with pytest.raises(SnapshotContent.DoesNotExist):
        text_of(make.make_snapshot())
