"""Lists in pages, read by key: a page begins after (or ends before) a row, and is one walk along an index.

Where the order is by something that some rows do not state, those come last, in a walk of their own: databases do not
agree on where nothing stands.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import BooleanField, F, Func, Lookup, Model, Q, QuerySet, Value

if TYPE_CHECKING:
    Condition = Lookup[Any]
else:
    Condition = Lookup

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Order:
    """An order: by `field` and then by `tie`, which no two rows share there, both in one direction.

    `nullable` says that `field` may be empty.
    """

    field: str
    tie: str
    descending: bool = True
    nullable: bool = True


@dataclass(frozen=True)
class Page:
    """The keys of the rows on one page, in order, and whether there are more on either side."""

    keys: tuple[int, ...]
    has_previous: bool
    has_next: bool


def page_of(rows: Rows, order: Order, *, size: int, after: Model | None = None, before: Model | None = None) -> Page:
    """The page that follows `after`, or that ends just before `before`, or the first one."""
    forward = before is None
    start = after if forward else before
    keys = list(_walk(rows, order, start, forward=forward, most=size + 1))
    more, keys = len(keys) > size, keys[:size]
    if forward:
        return Page(tuple(keys), start is not None, more)
    return Page(tuple(reversed(keys)), more, True)


def _walk(rows: Rows, order: Order, start: Model | None, *, forward: bool, most: int) -> Iterator[int]:
    """The keys beyond `start`, rows that state the field before those that do not when going forward."""
    descending = order.descending is forward
    for part, fields in _parts(rows, order, start, forward=forward, descending=descending):
        ordered = part.order_by(*(f"-{name}" if descending else name for name in fields))
        found = list(ordered.values_list("pk", flat=True)[:most])
        yield from found
        most -= len(found)
        if most <= 0:
            return


def _parts(
    rows: Rows, order: Order, start: Model | None, *, forward: bool, descending: bool
) -> Iterator[tuple[Rows, list[str]]]:
    """The parts of the list that lie at or beyond `start`, in the direction of the walk, with what orders them."""
    value = None if start is None else getattr(start, order.field)
    if not order.nullable:
        yield rows if start is None else rows.filter(_beyond(order, start, descending)), [order.field, order.tie]
        return
    for absent in (False, True) if forward else (True, False):
        part = rows.filter(**{f"{order.field}__isnull": absent})
        if start is not None and absent is (value is None):
            part = part.filter(_beyond(order, start, descending))
        elif start is not None and absent is not forward:  # this part lies before the row to start from
            continue
        yield part, [order.tie] if absent else [order.field, order.tie]


def _beyond(order: Order, start: Model, descending: bool) -> Q | Condition:
    """The condition to come after a row in the direction of the walk."""
    value, tie = getattr(start, order.field), getattr(start, order.tie)
    if value is None:
        return Q(**{f"{order.tie}__{'lt' if descending else 'gt'}": tie})
    return compared((order.field, order.tie), "<" if descending else ">", (value, tie))


class _Rows(Condition):
    """A comparison of rows: a lookup, for SQLite takes no other as a condition of its own in Django 6."""

    sign = ""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, of_left = self.process_lhs(compiler, connection)
        right, of_right = self.process_rhs(compiler, connection)
        return f"{left} {self.sign} {right}", (*of_left, *of_right)


class _Below(_Rows):
    sign = "<"


class _Above(_Rows):
    sign = ">"


def compared(fields: Sequence[str], sign: Literal["<", ">"], values: Sequence[Any]) -> Condition:
    """``(field, tie) < (value, tie)`` as one comparison of rows, by which both databases find the place in an index.

    Written as "less, or equal and ..." the same condition makes them read every row that is equal.
    """
    left, right = (
        Func(*parts, template="(%(expressions)s)", output_field=BooleanField())
        for parts in (map(F, fields), map(Value, values))
    )
    return (_Below if sign == "<" else _Above)(left, right)
