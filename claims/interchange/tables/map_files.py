"""Reading a map, a small TOML file; every mistake in it is a sentence with the file, the key and what to do."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.interchange.tables.cells import fault, shown
from claims.interchange.tables.mapping import COLUMN, VALUE, TableMap
from claims.interchange.tables.nearest import nearest
from claims.interchange.tables.records import FileSettings
from claims.interchange.tables.rows import COLUMNS, TableRefused, is_column
from claims.interchange.tables.templates import Template
from claims.interchange.tables.times import Times, has_clock, is_pattern, needs_day
from claims.text.decoding import encoding_named
from claims.text.refusals import TextRefusal
from claims.wording import word_refusal

MOST_BYTES = 128 * 1024
# A key of many names, a.a.a, takes the square of its length in memory to be read (tomllib); no key goes over a line.
MOST_DOTS = 40

SECTIONS = ("file", "columns", "constants", "templates", "claims", "values", "times")
IN_FILE = ("encoding", "delimiter", "sheet", "empty")
IN_CLAIMS = ("columns",)
IN_TIMES = ("day", "patterns", "cut", "written")
NOTATIONS = ("edtf", "minutes")


class MapRefused(TableRefused):
    """A map cannot be used; str() is the sentence with its file and key."""


def read_map(content: bytes, name: str) -> TableMap:
    """Read a map from the bytes of its file, which is called `name`. Raises `MapRefused`."""
    if len(content) > MOST_BYTES:
        sentence = _("%(map)s has more than %(most)d kilobytes, which no map has.")
        raise MapRefused(sentence % {"map": name, "most": MOST_BYTES // 1024})
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.count(b".") > MOST_DOTS:
            sentence = _("%(map)s, line %(line)d: This line has more than %(most)d dots. Go on in another one.")
            raise MapRefused(sentence % {"map": name, "line": number, "most": MOST_DOTS})
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        sentence = _("%(map)s cannot be read as TOML: %(why)s.")
        raise MapRefused(sentence % {"map": name, "why": shown(str(error))}) from None
    return _Reading(name, raw).table_map()


class _Reading:
    """One map while it is read."""

    def __init__(self, name: str, raw: Mapping[str, Any]) -> None:
        self._name = name
        self._raw = raw

    def table_map(self) -> TableMap:
        self._known("", self._raw, SECTIONS)
        file = self._section("file")
        self._known("[file]", file, IN_FILE)
        claims = self._claims()
        found = TableMap(
            name=self._name,
            columns=self._columns(),
            constants={key: self._text("[constants]", key, value) for key, value in self._ours("constants").items()},
            templates={key: self._template(key, value) for key, value in self._ours("templates").items()},
            claims=claims,
            empty=frozenset(self._texts("[file]", "empty", file.get("empty", []))),
            values={key: self._words(key, value) for key, value in self._ours("values").items()},
            times=self._times(),
        )
        self._refuse_twice(found)
        self._refuse_unused(found)
        return replace(found, file=self._file(file, frozenset(found.named())))

    # The sections ---------------------------------------------------------------------------------------------

    def _file(self, file: Mapping[str, Any], expected: frozenset[str]) -> FileSettings:
        encoding = None
        if "encoding" in file:
            try:
                encoding = encoding_named(self._text("[file]", "encoding", file["encoding"]))
            except TextRefusal as refusal:
                raise self._refused("[file]", "encoding", word_refusal(refusal)) from None
        delimiter = self._text("[file]", "delimiter", file.get("delimiter", ""))
        if len(delimiter) > 1 or (delimiter and delimiter in '"\r\n'):
            raise self._refused("[file]", "delimiter", _("A delimiter is one character."))
        return FileSettings(encoding, delimiter, self._text("[file]", "sheet", file.get("sheet", "")), expected)

    def _columns(self) -> dict[str, tuple[str, ...]]:
        columns = {}
        for theirs, value in self._section("columns").items():
            ours = self._texts("[columns]", theirs, value if isinstance(value, list) else [value])
            for each in ours:
                self._ours_only("[columns]", theirs, each)
            columns[theirs] = tuple(ours)
        return columns

    def _template(self, key: str, value: object) -> Template:
        text = self._text("[templates]", key, value)
        try:
            return Template.parse(text)
        except ValueError as error:
            sentence = _("%(piece)s is no column in braces. Write {name} for a column, {{ and }} for braces.")
            raise self._refused("[templates]", key, sentence % {"piece": shown(str(error))}) from None

    def _claims(self) -> dict[str, str] | None:
        if "claims" not in self._raw:
            return None
        section = self._section("claims")
        self._known("[claims]", section, IN_CLAIMS)
        columns = section.get("columns")
        if isinstance(columns, Mapping):
            found = {name: self._text("[claims]", f"columns.{name}", label) for name, label in columns.items()}
        else:
            found = {name: name for name in self._texts("[claims]", "columns", columns)}
        if not found:
            sentence = _("Name the columns that give a claim each: %(example)s.")
            example = shown('columns = ["departure", "arrival"]')
            raise self._refused("[claims]", "columns", sentence % {"example": example})
        return found

    def _words(self, key: str, value: object) -> dict[str, str]:
        if not isinstance(value, Mapping):
            example = shown('{ "True" = "affirms", "False" = "denies" }')
            raise self._refused("[values]", key, _("Write a table of words: %(example)s.") % {"example": example})
        return {word: self._text("[values]", f"{key}.{word}", ours) for word, ours in value.items()}

    def _times(self) -> Times | None:
        if "times" not in self._raw:
            return None
        section = self._section("times")
        self._known("[times]", section, IN_TIMES)
        patterns = self._texts("[times]", "patterns", section.get("patterns"))
        wrong = next((pattern for pattern in patterns if not is_pattern(pattern)), None)
        if wrong is not None or not patterns:
            sentence = _("“%(pattern)s” is no pattern. Write as in %%d/%%m/%%Y %%H:%%M (Python's strptime).")
            raise self._refused("[times]", "patterns", sentence % {"pattern": shown(wrong or "")})
        written = section.get("written", "edtf")
        if written not in NOTATIONS:
            raise self._refused("[times]", "written", _("Write one of: %(words)s.") % {"words": ", ".join(NOTATIONS)})
        timeless = next((pattern for pattern in patterns if not has_clock(pattern)), None)
        if written == "minutes" and timeless is not None:
            sentence = _("“%(pattern)s” reads no time of day, and minutes need one. Leave it out, or write edtf.")
            raise self._refused("[times]", "patterns", sentence % {"pattern": shown(timeless)})
        day = self._day(section, needed=written == "minutes" or any(map(needs_day, patterns)))
        return Times(day, tuple(patterns), tuple(self._texts("[times]", "cut", section.get("cut", []))), written)

    def _day(self, section: Mapping[str, Any], *, needed: bool) -> date | None:
        day = section.get("day")
        if (day is None and needed) or not isinstance(day, date | None) or isinstance(day, datetime):
            sentence = _("State the day of times that name none, without quotation marks: day = 2011-12-01.")
            raise self._refused("[times]", "day", sentence)
        return day

    # What holds between them ----------------------------------------------------------------------------------

    def _refuse_twice(self, found: TableMap) -> None:
        """One column of ours is given in one place."""
        given: dict[str, str] = {}
        places = [("[columns]", ours) for all_ours in found.columns.values() for ours in all_ours]
        places += [("[constants]", ours) for ours in found.constants]
        places += [("[templates]", ours) for ours in found.templates]
        for where, ours in places:
            if ours in given:
                sentence = _("“%(ours)s” is given twice, under %(first)s and %(second)s. Keep one of the two.")
                raise self._refused(where, ours, sentence % {"ours": ours, "first": given[ours], "second": where})
            given[ours] = where
        if not given and not (self._section("file") or found.values):
            raise self._refused("[columns]", "", _("The map gives no column of the claims table. Name some."))

    def _refuse_unused(self, found: TableMap) -> None:
        """Values of `[claims]` are used, and times are only asked for where it is said how they are read."""
        fields = [(key, each) for key, template in found.templates.items() for each in template.fields]
        if found.claims is not None and VALUE not in {each.name for _key, each in fields}:
            sentence = _("No template takes {value}. Add under [templates]: %(example)s.")
            example = shown('answer = "{value:label}"')
            raise self._refused("[claims]", "columns", sentence % {"example": example})
        timed = next((key for key, each in fields if each.form == "time"), None)
        if timed is not None and found.times is None:
            sentence = _("{...:time} needs a section [times], which says by which patterns times are read.")
            raise self._refused("[templates]", timed, sentence)
        stray = next((key for key, each in fields if found.claims is None and each.name in (COLUMN, VALUE)), None)
        if stray is not None and not {COLUMN, VALUE} & set(found.columns):
            sentence = _("{column} and {value} are of the columns under [claims], and there is no such section.")
            raise self._refused("[templates]", stray, sentence)

    # Pieces ---------------------------------------------------------------------------------------------------

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self._raw.get(name, {})
        if not isinstance(section, Mapping):
            raise self._refused(f"[{name}]", "", _("This is a section: write [%(name)s] on a line.") % {"name": name})
        return section

    def _ours(self, name: str) -> Mapping[str, Any]:
        """A section whose keys are columns of ours."""
        section = self._section(name)
        for key in section:
            self._ours_only(f"[{name}]", key, key)
        return section

    def _ours_only(self, where: str, key: str, column: str) -> None:
        if not is_column(column):
            sentence = _("The claims table has no column “%(column)s”. %(nearest)s")
            values = {"column": shown(column), "nearest": nearest(column, COLUMNS)}
            raise self._refused(where, key, (sentence % values).strip())

    def _known(self, where: str, section: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in section:
            if key not in known:
                sentence = _("A map does not have this. %(nearest)s Here may stand: %(known)s.")
                values = {"nearest": nearest(key, known), "known": ", ".join(known)}
                raise self._refused(where, key, sentence % values)

    def _text(self, where: str, key: str, value: object) -> str:
        """A text; numbers, truths and dates as the table has them."""
        match value:
            case bool():
                return "yes" if value else "no"
            case str() if sentence := fault(value):
                raise self._refused(where, key, sentence)
            case str():
                return value
            case int() | float() | date():
                return str(value)
            case _:
                raise self._refused(where, key, _("Write one text in quotation marks."))

    def _texts(self, where: str, key: str, value: object) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._refused(
                where, key, _("Write a list of texts: %(example)s.") % {"example": shown('["one", "two"]')}
            )
        return value

    def _refused(self, where: str, key: str, sentence: str) -> MapRefused:
        place = " ".join(each for each in (where, shown(key) if key else "") if each)
        return MapRefused(
            _("%(map)s, %(place)s: %(sentence)s") % {"map": self._name, "place": place, "sentence": sentence}
        )
