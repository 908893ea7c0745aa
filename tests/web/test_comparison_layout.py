"""The layout of a comparison: columns, cards or a ledger by number, and what stands between positions."""

import pytest

from claims.templatetags.comparison import comparison_columns, comparison_layout, exclusion_matrix


def positions(number: int) -> list[dict[str, int]]:
    return [{"index": index} for index in range(number)]


@pytest.mark.parametrize(
    ("number", "layout"),
    [(0, "side-by-side"), (1, "side-by-side"), (3, "side-by-side"), (4, "grid"), (8, "grid"), (9, "ledger")],
)
def test_the_layout_follows_the_number_of_positions(number: int, layout: str) -> None:
    assert comparison_layout(positions(number)) == layout


def test_a_band_stands_between_neighbours_and_says_whether_they_exclude_each_other() -> None:
    columns = comparison_columns(positions(3), [{"positions": [0, 1]}, {"positions": (2, 0)}])
    assert [column.excludes for column in columns] == [(1, 2), (0,), (0,)]
    assert [column.excludes_next for column in columns] == [True, False, None]


def test_an_irreducible_set_excludes_by_no_pair() -> None:
    columns = comparison_columns(positions(3), [{"positions": [0, 1, 2]}])
    assert [column.excludes for column in columns] == [(), (), ()]
    assert [column.excludes_next for column in columns] == [False, False, None]


def test_no_positions_no_columns() -> None:
    assert comparison_columns([], []) == []


def test_the_matrix_is_symmetric_and_knows_itself() -> None:
    rows = exclusion_matrix(positions(4), [{"positions": [0, 3]}, {"positions": [1, 2]}])
    assert [row.index for row in rows] == [0, 1, 2, 3]
    assert [row.relations for row in rows] == [
        ("self", "both", "both", "excludes"),
        ("both", "self", "excludes", "both"),
        ("both", "excludes", "self", "both"),
        ("excludes", "both", "both", "self"),
    ]


@pytest.mark.parametrize(("number", "shown"), [(2, False), (3, False), (4, True), (12, True), (13, False)])
def test_the_matrix_is_shown_where_it_helps(number: int, shown: bool) -> None:
    assert bool(exclusion_matrix(positions(number), [])) is shown
