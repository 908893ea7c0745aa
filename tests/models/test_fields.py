"""What people may write: every language and sign that a database can keep, and sentences for the rest."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from claims.models import RECORDS, Claim, Question, Record, Side, Source, Topic
from claims.models.fields import LongText, ShortText
from claims.services.refusals import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db

# Every code point but NUL and surrogates, which no UTF-8 file holds either.
STORABLE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


class Texts(TestCase):
    """Texts come back code point for code point: nothing is trimmed, folded or normalised."""

    @given(STORABLE)
    @example("مُصَالَحَة ــ \u202b\u2066\u200f حي الوعر\u2069")
    @example("e\u0301 ≠ é \ufeff\r\n\t'\" =cmd()\u2028 👩‍👧 \U0010ffff")
    def test_hostile_text(self, text: str) -> None:
        topic = make.make_topic(note=text, translations={"ar": text})
        topic.refresh_from_db()
        assert (topic.note, topic.translations, topic.history.get().note) == (text, {"ar": text}, text)


UNSTORABLE = {
    "nul": ("a\0b", "Character 2 of this text is a NUL"),
    "surrogate": ("ab\ud83d", "Character 3 of this text is half of a surrogate pair"),
}


@pytest.mark.parametrize(("text", "sentence"), UNSTORABLE.values(), ids=UNSTORABLE)
@pytest.mark.parametrize("field", ["name", "note"])
def test_what_no_database_can_hold_is_refused_on_its_field(field: str, text: str, sentence: str) -> None:
    with pytest.raises(Refused) as new:
        make.make_topic(**{field: text})
    topic = make.make_topic()
    setattr(topic, field, text)
    with pytest.raises(Refused) as changed:
        make.record(topic)
    for refusal in (new, changed):
        assert list(refusal.value.message_dict) == [field]
        assert sentence in refusal.value.message_dict[field][0]
    assert Topic.objects.get(pk=topic.pk).version == 1


NO_ADDRESSES = {
    "another scheme": ("javascript:alert(1)", "begins with http:// or https://"),
    "no host": ("http://", "leads to no page"),
    "no host, a path": ("https:///page", "leads to no page"),
    "half a bracket": ("https://[bad", "leads to no page"),
    "a port that there is not": ("https://example.org:99999/", "leads to no page"),
    "a space": ("https://exa mple.org/x", "Character 12 of this address cannot stand in one. Write it as %20"),
    "a sign": ("https://example.org/a|b", "Write it as %7C"),
    "a line": ("https://example.org/a\nb", "Write it as %0A"),
}


@pytest.mark.parametrize(("address", "sentence"), NO_ADDRESSES.values(), ids=NO_ADDRESSES)
def test_what_is_no_address_is_refused_on_its_field(address: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        make.make_source(url=address)
    assert sentence in refused.value.message_dict["url"][0]


@pytest.mark.parametrize(
    "address", ["", "https://[::1]:8000/x", "http://مثال.إختبار/صفحة?س=1#ص", "https://example.org/%20"]
)
def test_addresses_in_every_script_are_kept_as_given(address: str) -> None:
    assert Source.objects.get(pk=make.make_source(url=address).pk).url == address


@pytest.mark.parametrize(
    "translations",
    [{"ar": "a\0b"}, {"\ud83d": "x"}, {"ar": 7}, {"ar": None}, {"ar": {"en": "x"}}, ["ar"], [], "ar", 7],
)
def test_translations_are_storable_texts_by_language(translations: Any) -> None:
    with pytest.raises(Refused) as refusal:
        make.make_topic(translations=translations)
    assert list(refusal.value.message_dict) == ["translations"]


@pytest.mark.parametrize(
    ("model", "fields", "field"),
    [
        (Side, {"name": ""}, "name"),
        (Side, {"name": "x" * 501}, "name"),
        (Topic, {"name": None}, "name"),
        (Source, {"title": "x", "url": "https://example.org/" + "ح" * 1500}, "url"),
        (Source, {"title": "x", "language": "العربية"}, "language"),
        (Question, {"text": "Why?", "kind": "essay"}, "kind"),
        (Question, {"text": "Why?", "tolerance": "ten"}, "tolerance"),
    ],
)
def test_services_meet_the_limits_of_a_field_as_forms_do(
    model: type[Record], fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        make.record(model(**fields))
    assert list(refusal.value.message_dict) == [field]
    assert not model.objects.exists()


@pytest.mark.parametrize(
    "number",
    ["0", "-0.1", "0.3", "123456789012345", "0.000000000000001", "1.23456789012345", "1000000000000000000000000"],
)
def test_numbers_come_back_digit_by_digit(number: str) -> None:
    claim = make.make_claim(quantity_low=Decimal(number), quantity_high=None)
    claim.refresh_from_db()
    assert claim.quantity_low == Decimal(number)
    assert claim.history.get().quantity_low == Decimal(number)


@pytest.mark.parametrize(
    "number",
    ["1234567890123456", "0.1234567890123456", "NaN", "Infinity", "1E+30", "1E-16", f"1{'0' * 24}.{'0' * 14}1"],
)
def test_a_number_that_would_lose_digits_is_refused(number: str) -> None:
    with pytest.raises(Refused) as refusal:
        make.make_claim(quantity_low=Decimal(number))
    assert list(refusal.value.message_dict) == ["quantity_low"]
    assert not Claim.objects.exists()


def test_the_longest_line_fits_the_index_that_it_stands_in() -> None:
    topic = make.make_topic(name="\U0010ffff" * 500)
    question = make.make_question(topic=topic, text="\U0010fffe" * 500)
    question.refresh_from_db()
    assert len(question.text) == 500


def test_every_text_of_a_record_is_checked() -> None:
    """No plain text field of Django's slips in, which would let a NUL through to PostgreSQL."""
    for model in RECORDS:
        for field in model._meta.concrete_fields:
            kind = field.get_internal_type()
            assert kind not in {"CharField", "TextField"} or hasattr(field, "in_migrations"), field


def test_forms_say_it_too() -> None:
    with pytest.raises(ValidationError, match="NUL"):
        ShortText("name").clean("a\0", None)
    with pytest.raises(ValidationError, match="surrogate"):
        LongText("note").clean("\ud83d", None)
