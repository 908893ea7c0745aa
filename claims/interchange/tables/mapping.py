"""Maps: somebody else's table as rows of the claims table, by columns, constants, templates and claims of columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from claims.interchange.tables.cells import fault, shown
from claims.interchange.tables.nearest import nearest
from claims.interchange.tables.records import FileSettings, Record
from claims.interchange.tables.rows import Problem, Row, TableRefused
from claims.interchange.tables.templates import EmptyField, Template
from claims.interchange.tables.times import Times, UnreadTime

COLUMN, VALUE = "column", "value"
"""What the columns of `[claims]` are called in templates: the column's own name (or label), and what is in the cell."""


@dataclass(frozen=True)
class TableMap:
    """A map as it was read (`map_files.read_map`); `name` is that of its file. One may give no columns: see `own`.

    `columns` are theirs -> ours; `claims` the columns that give a claim each, with what `{column}` says of it, None
    where a record is one claim. A cell that is in `empty` states nothing. `values` are by our column theirs -> ours.
    """

    name: str
    file: FileSettings = field(default_factory=FileSettings)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    claims: Mapping[str, str] | None = None
    empty: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    times: Times | None = None

    @property
    def gives_columns(self) -> bool:
        """Whether it says which columns are made of theirs; otherwise they are those of the claims table already."""
        return bool(self.columns or self.constants or self.templates)

    def named(self) -> dict[str, str]:
        """The columns of the file that the map names, each with the section or key where it does."""
        named = dict.fromkeys(self.columns, "[columns]")
        for key, template in self.templates.items():
            for each in template.fields:
                if not (self.claims is not None and each.name in (COLUMN, VALUE)):
                    named.setdefault(each.name, f"[templates] {key}")
        return named | dict.fromkeys(self.claims or (), "[claims]")

    def refuse_missing(self, header: tuple[str, ...]) -> None:
        """Raise `TableRefused` where the map names a column that the file does not have."""
        for name, where in self.named().items():
            if name not in header:
                sentence = _(
                    "%(map)s, %(where)s: the file has no column “%(name)s”. %(nearest)s Its columns are: %(columns)s."
                )
                raise TableRefused(
                    sentence
                    % {
                        "map": self.name,
                        "where": where,
                        "name": shown(name),
                        "nearest": nearest(name, header),
                        "columns": ", ".join(map(shown, header)),
                    }
                )

    def rows(self, record: Record) -> Iterator[Row | Problem]:
        """The rows that a record gives, and what is wrong with it."""
        cells = {name: cell for name, cell in record.cells.items() if cell not in self.empty}
        if self.claims is None:
            yield self._row(record, cells, "")
            return
        for name, label in self.claims.items():
            if name in cells:
                yield self._row(record, {**cells, COLUMN: label, VALUE: cells[name]}, name)

    def own(self, row: Row) -> Row | Problem:
        """A row of a table that has our own columns: without what states nothing, their words made ours."""
        values = {name: cell for name, cell in row.values.items() if cell not in self.empty}
        return self._translated(row.line, row.source, values, None)

    def _row(self, record: Record, cells: Mapping[str, str], of: str) -> Row | Problem:
        """One claim; `of` is the column that it is of."""
        values = dict(self.constants)
        values |= {ours: cells[name] for name, all_ours in self.columns.items() for ours in all_ours if name in cells}
        for ours, template in self.templates.items():
            try:
                text = template.fill(cells, self._read_time)
            except EmptyField as empty:
                sentence = _("“%(name)s” is empty, and the template of “%(ours)s” in %(map)s needs it.") % {
                    "name": shown(str(empty)),
                    "ours": ours,
                    "map": self.name,
                }
                return Problem(record.line, str(empty), sentence, record.number, of)
            except UnreadTime as unread:
                sentence = _("“%(time)s” fits none of the patterns under [times] in %(map)s.") % {
                    "time": shown(str(unread)),
                    "map": self.name,
                }
                return Problem(record.line, of, sentence, record.number, of)
            if sentence := fault(text):
                return Problem(record.line, of, sentence, record.number, of)
            if text:
                values[ours] = text
        return self._translated(record.line, record.number, values, of)

    def _translated(self, line: int, source: int, values: dict[str, str], of: str | None) -> Row | Problem:
        """The row with the words of theirs that `[values]` puts into ours; `of` is the column to blame, None: ours."""
        for ours, words in self.values.items():
            value = values.get(ours)
            if value is None:
                continue
            if value not in words:
                sentence = _("“%(value)s” is not among the words for “%(ours)s” under [values] in %(map)s.") % {
                    "value": shown(value),
                    "ours": ours,
                    "map": self.name,
                }
                return Problem(line, ours if of is None else of, sentence, source, of or "")
            values[ours] = words[value]
        return Row(line, {name: value for name, value in values.items() if value}, source)

    def _read_time(self, text: str) -> str:
        if self.times is None:  # a map with {...:time} and without [times] is refused when it is read
            raise UnreadTime(text)
        return self.times.read(text)
