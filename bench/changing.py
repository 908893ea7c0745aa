"""Times rows that change claims on record, beside rows of as many new claims.

Run as `python -m bench changing`; `python -m bench changing 4000` changes so many. Each row has another answer and
other words than the claim: two records of the claim are changed, and one is made or changed that names its option.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace

from bench.importing import table, tell
from bench.sized import make_sized
from bench.stopwatch import Seconds, timed
from claims.interchange.tables.rows import Row
from claims.interchange.understanding import entry_of
from claims.services.importing import Orders, run

ROWS, BASE = 20_000, 20_000
OTHER = {"100": "101", "101": "102", "102": "100", "yes": "no"}
OTHER |= {f"Place {number}": f"Place {(number + 1) % 3}" for number in range(3)}


def changed(rows: int) -> Iterator[Row]:
    """The rows of the table, each with another answer and other words."""
    for row in table(rows):
        cells = {"id": row.values["id"], "answer": OTHER[row.values["answer"]], "statement": "It was not so."}
        yield replace(row, values=cells)


def taken(rows: Iterator[Row], counted: tuple[int, int]) -> Seconds:
    """What the import of these rows takes; they are `counted` as so many new and changed ones."""
    orders = Orders(by=None, reason="Timed", command="bench")

    def work() -> None:
        report = run(map(entry_of, rows), orders)
        if (report.new, report.changed) != counted:
            raise AssertionError(f"{report.new} new and {report.changed} changed, instead of {counted}")

    return timed(work)


def main() -> None:
    """Print what new rows take, and what the same take when they change what is on record."""
    rows = int(sys.argv[1]) if sys.argv[1:] else ROWS
    make_sized(BASE)
    new = taken(table(rows), (rows, 0))
    again = taken(changed(rows), (0, rows))
    tell("new", new, rows)
    tell("changed", again, rows)
    print(f"    a changed row, in new ones: {again.clock / new.clock:.1f}")


if __name__ == "__main__":
    main()
