"""Templates of a map: `{flight}: {column}`, filled from the cells of a record.

A name in braces is a column of the file; `{name?}` may be empty. `{name:label}` writes the cell as one label of an
answer or one name of a chain, whatever signs are in it, `{name:time}` as a time read by `[times]`. `{{` and `}}` are
braces.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from claims.domain.notation import write_path

_PIECES = re.compile(r"\{\{|\}\}|\{(?P<field>[^{}]*)\}|(?P<stray>[{}])")
_FIELD = re.compile(r"(?P<name>.+?)(?P<optional>\?)?(?::(?P<form>label|time))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """One pair of braces: the column that it names, whether that may be empty, and the form it is written in."""

    name: str
    optional: bool = False
    form: str = ""


class EmptyField(ValueError):  # noqa: N818 - it answers a person
    """A column that the template needs is empty; str() is its name."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with fields in it."""

    pieces: tuple[str | Field, ...]

    @classmethod
    def parse(cls, text: str) -> "Template":
        """Read a template. Raises ValueError for a brace that is not closed, opened or named."""
        pieces: list[str | Field] = []
        at = 0
        for found in _PIECES.finditer(text):
            pieces.append(text[at : found.start()])
            at = found.end()
            if found["stray"]:
                raise ValueError(found["stray"])
            if found["field"] is None:
                pieces.append(found[0][0])
                continue
            field = _FIELD.fullmatch(found["field"].strip())
            if field is None:
                raise ValueError(found[0])
            pieces.append(Field(field["name"], bool(field["optional"]), field["form"] or ""))
        pieces.append(text[at:])
        return cls(tuple(piece for piece in pieces if piece != ""))

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields, in their order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Field))

    def fill(self, cells: Mapping[str, str], read_time: Callable[[str], str]) -> str:
        """The text with the cells in it; empty where all of its fields are.

        Raises `EmptyField`, and whatever `read_time` raises.
        """
        values = {field: cells.get(field.name, "") for field in self.fields}
        if values and not any(values.values()) and all(field.optional for field in values):
            return ""
        missing = next((field for field, value in values.items() if not value and not field.optional), None)
        if missing is not None:
            raise EmptyField(missing.name)
        return "".join(
            piece if isinstance(piece, str) else _formed(piece, values[piece], read_time) for piece in self.pieces
        )


def _formed(field: Field, value: str, read_time: Callable[[str], str]) -> str:
    if not value:
        return ""
    match field.form:
        case "label":
            return write_path([value.strip()])
        case "time":
            return read_time(value)
        case _:
            return value
