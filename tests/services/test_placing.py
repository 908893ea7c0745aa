"""Passages on recording: they stand in the text, and get their position and surroundings from it."""

import pytest
from django.core.exceptions import ValidationError

from claims.models import PassageLocation, Snapshot
from claims.services.placing import Placed
from claims.services.texts import attach_text, locate, place
from claims.services.transaction import change
from claims.text.outcome import Outcome
from claims.wording import plain
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = "قَالَ المُحافظ إنّ ثلاثمئة مقاتل سيغادرون الحي. وقال آخر: ثلاثة آلاف.\nوقال آخر: لا أحد.\n"


def with_text(text: str = TEXT) -> Snapshot:
    return attach_text(
        source=make.make_source(), content=text.encode(), by=None, reason="Test", command="test"
    ).snapshot


def test_words_found_get_position_and_surroundings() -> None:
    start = TEXT.index("ثلاثمئة مقاتل")
    assert place(snapshot=with_text(), exact="ثلاثمئة مقاتل") == Placed(
        "ثلاثمئة مقاتل", TEXT[:start], TEXT[start + 13 : start + 45], start, start + 13, Outcome.EXACT
    )


def test_words_are_kept_as_the_text_has_them() -> None:
    placed = place(snapshot=with_text(), exact="قال المحافظ", prefix="", suffix=" إنّ")
    assert (placed.exact, placed.start, placed.end) == ("قَالَ المُحافظ", 0, len("قَالَ المُحافظ"))
    assert (placed.prefix, placed.suffix) == ("", " إنّ")


def test_a_wrong_position_and_wrong_surroundings_are_put_right() -> None:
    placed = place(snapshot=with_text(), exact="ثلاثمئة مقاتل", prefix="قال المحافظ إن ", suffix="سيغادرون", start=3)
    start = TEXT.index("ثلاثمئة")
    assert (placed.start, placed.outcome) == (start, Outcome.MOVED)
    assert (placed.prefix, placed.suffix) == (TEXT[:start], TEXT[start + 13 : start + 45])


def test_words_in_several_places_have_none_until_somebody_tells_them_apart() -> None:
    snapshot = with_text()
    assert place(snapshot=snapshot, exact="وقال آخر") == Placed(
        "وقال آخر", "", "", None, None, Outcome.EXACT, ambiguous=True
    )
    second = TEXT.rindex("وقال آخر")
    assert place(snapshot=snapshot, exact="وقال آخر", start=second).start == second
    assert place(snapshot=snapshot, exact="وقال آخر", suffix=": لا أحد").start == second


def test_without_its_text_a_passage_is_taken_as_given() -> None:
    snapshot = make.make_snapshot()
    assert place(snapshot=snapshot, exact="words", prefix="some ", start=7) == Placed(
        "words", "some ", "", 7, 12, Outcome.UNCHECKED
    )
    assert place(snapshot=snapshot, exact="words").end is None


@pytest.mark.parametrize(
    ("exact", "sentence"),
    [
        ("لم يقل أحد هذا الكلام قط", "do not stand in the text of this snapshot"),
        ("أربعمئة مقاتل سيغادرون الحي", "The words most like them are “ثلاثمئة مقاتل سيغادرون الحي”."),
        ("…", "no words"),
        ("", "no words"),
    ],
)
def test_words_that_are_not_in_the_text_are_refused_on_the_quote(exact: str, sentence: str) -> None:
    snapshot = with_text()
    with pytest.raises(ValidationError) as raised:
        place(snapshot=snapshot, exact=exact)
    assert list(raised.value.message_dict) == ["quote"]
    assert sentence in plain(raised.value.messages[0])


def test_no_words_are_refused_without_the_text_too() -> None:
    with pytest.raises(ValidationError, match="no words"):
        place(snapshot=make.make_snapshot(), exact=" ")


def test_a_passage_recorded_later_is_located_in_every_text_of_its_source() -> None:
    first = with_text()
    second = attach_text(
        source=first.source, content=f"الوعر\n{TEXT}".encode(), by=None, reason="Test", command="test"
    ).snapshot
    with_text()
    attribution = make.make_attribution(source=first.source)
    passage = make.make_passage(attribution, first, exact="ثلاثمئة مقاتل", start=TEXT.index("ثلاثمئة"), end=32)
    with change(by=None, reason="Test", command="test") as this:
        located = locate(this, [passage])
    assert [(each.snapshot, each.outcome) for each in located] == [(first, "exact"), (second, "moved")]
    assert list(PassageLocation.objects.order_by("pk")) == located


def test_a_passage_that_is_withdrawn_or_of_another_source_now_leaves_its_locations() -> None:
    first, second = with_text(), with_text("ثلاثمئة مقاتل، لا أكثر.")
    attribution = make.make_attribution(source=first.source)
    passage = make.make_passage(attribution, first, exact="ثلاثمئة مقاتل")
    with change(by=None, reason="Test", command="test") as this:
        locate(this, [passage])
    attribution.source = second.source
    make.record(attribution)
    passage.attribution = attribution
    with change(by=None, reason="Test", command="test") as this:
        locate(this, [passage])
    assert PassageLocation.objects.get().snapshot == second
    passage.withdrawn = True
    make.record(passage)
    with change(by=None, reason="Test", command="test") as this:
        assert locate(this, [passage]) == []
    assert not PassageLocation.objects.exists()
