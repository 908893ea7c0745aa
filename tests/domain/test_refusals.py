"""A refusal carries its code and values, safe to show, store and pass between processes."""

import pickle

import pytest

from claims.domain.refusals import MOST_SHOWN, Refusal


def test_a_refusal_is_a_value_error_with_code_and_values() -> None:
    with pytest.raises(ValueError, match=r"^impossible date \(part: 2015-02-30, most: 28\)$") as caught:
        raise Refusal("impossible_date", {"part": "2015-02-30", "most": "28"})
    assert isinstance(caught.value, Refusal)
    assert (caught.value.code, dict(caught.value.values)) == (
        "impossible_date",
        {"part": "2015-02-30", "most": "28"},
    )


def test_without_values_it_is_worded_by_its_code_alone() -> None:
    assert str(Refusal("empty_date")) == "empty date"


@pytest.mark.parametrize("hidden", ["\0", "\n", "\u202e", "\u200f", "\ud800", "\ue000"])
def test_what_cannot_be_shown_is_replaced(hidden: str) -> None:
    assert Refusal("unreadable_date", {"text": f"5{hidden}6"}).values["text"] == "5\N{REPLACEMENT CHARACTER}6"


def test_long_values_are_shortened() -> None:
    assert Refusal("long_date", {"text": "٥" * MOST_SHOWN}).values["text"] == "٥" * MOST_SHOWN
    assert Refusal("long_date", {"text": "٥" * 10_000}).values["text"] == "٥" * (MOST_SHOWN - 1) + "…"


def test_it_survives_pickling() -> None:
    refusal = Refusal("long_date", {"text": "5"})
    copy = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - our own bytes
    assert (copy.code, copy.values) == (refusal.code, refusal.values)
