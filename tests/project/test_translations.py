"""The Arabic interface is complete: every message of the code, every plural, every placeholder, one word a term."""

import gettext
import html
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import django
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.formats import date_format, number_format
from django.utils.translation import override, template

from claims.wording import word_date, word_number
from tools.compile_messages import LOCALE, compiled

ROOT = LOCALE.parent.parent
SOURCE = LOCALE / "ar" / "LC_MESSAGES" / "django.po"
FRAMEWORK = Path(django.__file__).parent / "conf" / "locale" / "ar" / "LC_MESSAGES" / "django.mo"
TERMS = ROOT / "docs" / "arabic-terms.md"
AGAIN = "Run `make messages`, translate what is new, and commit what it writes."

# As `makemessages` has them: which argument is the message, which its context ("c") and its plural.
FUNCTIONS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
SINGLE_VALUED = 3
"""The first plural forms of Arabic are of 0, 1 and 2 alone, whose word may have the number in it."""

SAMPLE = "%(number)s claim"

Key = tuple[str | None, tuple[str, ...]]


@cache
def catalog() -> Catalog:
    with SOURCE.open("rb") as file:
        return read_po(file, abort_invalid=True)


def translated() -> list[Message]:
    return [message for message in catalog() if message.id]


def as_tuple(texts: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts or ())


def named(message: Message) -> str:
    return f"{message.context or ''}|{as_tuple(message.id)[0]}"[:60]


def in_code() -> Iterator[tuple[Path, Key]]:
    """Every message that the code and the templates mark, with its context; a plural with its singular."""
    for path in [*ROOT.joinpath("claims").rglob("*.py"), *ROOT.joinpath("provenance").rglob("*.py")]:
        yield from ((path, key) for key in marked(path.read_text("utf-8")))
    for path in ROOT.joinpath("templates").rglob("*.*"):
        # The template as Python: its lines are blanked out but for the messages, and their indentation means nothing.
        source = "\n".join(map(str.strip, template.templatize(path.read_text("utf-8")).splitlines()))
        yield from ((path, key) for key in marked(source))


def marked(source: str) -> Iterator[Key]:
    found: Iterable[Any] = extract_python(io.BytesIO(source.encode()), FUNCTIONS, [], {"encoding": "utf-8"})
    for _line, function, texts, _comments in found:
        if texts is None:  # asks for what is marked elsewhere
            continue
        places = FUNCTIONS[function] or (1,)
        given = as_tuple(texts)
        context = next((given[place[0] - 1] for place in places if isinstance(place, tuple)), None)
        yield context, tuple(given[place - 1] for place in places if isinstance(place, int))


def test_messages_are_found_in_code_and_templates() -> None:
    source = '_("one " "message")\npgettext("verb", "record")\nngettext("%(n)s claim", "%(n)s claims", n)'
    assert list(marked(source)) == [
        (None, ("one message",)),
        ("verb", ("record",)),
        (None, ("%(n)s claim", "%(n)s claims")),
    ]


def test_the_catalogue_has_the_messages_of_the_code_and_no_others() -> None:
    known = {(message.context, as_tuple(message.id)) for message in translated()}
    # One that is used alone and with a plural is one entry, whose form for 1 would stand for it: give it a context.
    missing = [(str(path.relative_to(ROOT)), key) for path, key in in_code() if key not in known]
    assert missing == [], AGAIN
    asked = {key for _path, key in in_code()}
    assert known - asked == set(), AGAIN
    assert not catalog().obsolete, AGAIN


def test_every_message_is_translated() -> None:
    assert [named(message) for message in translated() if not all(as_tuple(message.string))] == []
    assert [named(message) for message in translated() if message.fuzzy] == []
    assert not catalog().fuzzy


def test_plurals_are_those_of_arabic() -> None:
    assert str(catalog().locale) == "ar"
    assert catalog().num_plurals == 6
    plural = [message for message in translated() if isinstance(message.id, tuple | list)]
    assert plural
    assert [named(message) for message in plural if len(as_tuple(message.string)) != catalog().num_plurals] == []


def test_ours_and_the_frameworks_plurals_are_one() -> None:
    """Django merges catalogues whose plurals are the same; of others it would read ours last."""
    own = gettext.GNUTranslations(io.BytesIO(compiled(SOURCE)))
    with FRAMEWORK.open("rb") as file:
        theirs = gettext.GNUTranslations(file)
    forms = [(own.ngettext(SAMPLE, f"{SAMPLE}s", number), own.plural(number)) for number in range(300)]  # type: ignore[attr-defined]
    assert [form for _words, form in forms] == [theirs.plural(number) for number in range(300)]  # type: ignore[attr-defined]
    assert len(set(forms)) == catalog().num_plurals


PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w+\}|%%")
TAG = re.compile(r"</?\w+[^>]*>")
TAG_NAME = re.compile(r"</?\w+")


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def test_what_is_inserted_agrees() -> None:
    for message in translated():
        expected = set().union(*map(placeholders, as_tuple(message.id)))
        forms = as_tuple(message.string)
        for number, form in enumerate(forms):
            found = placeholders(form)
            assert found <= expected, named(message)
            assert found == expected or (len(forms) > 1 and number < SINGLE_VALUED), named(message)
            assert TAG_NAME.findall(form) == TAG_NAME.findall(as_tuple(message.id)[0]), named(message)
            assert "%" not in PLACEHOLDER.sub("", form), named(message)


ISOLATES = re.compile("\u2068[^\u2068\u2069]*\u2069")
# What falls apart or turns around between Arabic letters: notations of more than one number, and words in Latin.
TURNING = re.compile(r"[0-9][-./]+[0-9]|[<>]=?[0-9]|~[0-9]|[A-Za-z]{2}")
ARABIC = re.compile("[\u0600-\u06ff]")


def faults(form: str) -> Iterator[str]:
    text = html.unescape(TAG.sub("", form))
    if set('“”"‘’;?') & set(text) or re.search(f"{ARABIC.pattern},", text):
        yield "the marks of Arabic are « » ، ؛ ؟"
    if re.search("[\u0660-\u0669\u06f0-\u06f9]", text):
        yield "digits are Latin, as on the whole interface"
    if text.count("«") != text.count("»"):
        yield "quotation marks go in pairs"
    outside = ISOLATES.sub("", PLACEHOLDER.sub("", text))
    if {"\u2068", "\u2069"} & set(outside):
        yield "isolates go in pairs"
    if ARABIC.search(outside) and "<bdi" not in form and TURNING.search(outside):
        yield "notations and Latin words are isolated, U+2068 to U+2069"


def test_it_is_set_as_arabic() -> None:
    found = [(named(message), *faults(form)) for message in translated() for form in as_tuple(message.string)]
    assert [each for each in found if each[1:]] == []


def test_faults_are_seen() -> None:
    assert list(faults("قال “نعم”")) == ["the marks of Arabic are « » ، ؛ ؟"]
    assert list(faults("مثل 2015-12-05")) == ["notations and Latin words are isolated, U+2068 to U+2069"]
    assert list(faults("مثل \u20682015-12-05\u2069، «%(text)s»")) == []


def test_dates_and_numbers_are_written_as_in_sentences() -> None:
    with override("ar"):
        moment = datetime(2016, 9, 5, 14, 30, tzinfo=UTC)
        assert date_format(moment, "DATETIME_FORMAT") == "5 أيلول/سبتمبر 2016، 14:30"
        assert date_format(moment, "DATE_FORMAT") == word_date("2016-09-05") == "5 أيلول/سبتمبر 2016"
        assert date_format(moment.replace(month=5), "F Y") == word_date("2016-05") == "أيار/مايو 2016"
        assert number_format(Decimal("1500.5"), force_grouping=True) == word_number(Decimal("1500.5")) == "1,500.5"


def test_a_moment_has_the_same_digits_in_english_as_in_arabic() -> None:
    moments = [datetime(2016, 9, 5, hour, minute, tzinfo=UTC) for hour, minute in ((0, 0), (0, 1), (14, 30))]
    with override("en"):
        shown = [date_format(moment, "DATETIME_FORMAT") for moment in moments]
        assert shown == ["5 September 2016, 00:00", "5 September 2016, 00:01", "5 September 2016, 14:30"]
        assert date_format(moments[0], "DATE_FORMAT") == word_date("2016-09-05")


def terms() -> list[tuple[str, str]]:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", TERMS.read_text("utf-8"), re.MULTILINE)
    return [(english.strip(), arabic.strip()) for english, arabic in rows if re.search("[\u0600-\u06ff]", arabic)]


@pytest.mark.parametrize(("english", "arabic"), terms())
def test_a_term_is_translated_as_the_glossary_says(english: str, arabic: str) -> None:
    """Where the term alone is a message, in any context or case, its translation is one of the glossary's words."""
    words = {word.strip() for word in arabic.split("،")}
    found = {
        as_tuple(message.string)[0].removeprefix("ال")
        for message in translated()
        if as_tuple(message.id)[0].lower() == english.lower()
    }
    assert found <= {word.removeprefix("ال") for word in words}
