"""Changing a question that has claims: nothing that is on record becomes unreadable or leaves no answer."""

from decimal import Decimal

import pytest

from claims.models import Option
from claims.services.editing import keep
from claims.services.recording import LinesRefused
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_tolerance_with_which_a_denial_leaves_nothing_is_refused() -> None:
    question = make.make_question(kind="date", tolerance=Decimal(1))
    make.make_claim(question, stance="denies", answer="../9990~", about=True)
    question.tolerance = Decimal(10_000)
    with pytest.raises(LinesRefused) as refused:
        keep(records=[question], by=None, reason="r", command="t")
    assert "tolerance" in refused.value.parts[0, "records", 0].message_dict
    question.tolerance = Decimal(2)
    keep(records=[question], by=None, reason="r", command="t")


def test_an_option_that_looks_the_same_as_another_is_refused() -> None:
    question = make.make_question(kind="choice")
    make.make_option(question, "هدنة")
    gone = make.make_option(question, "اتفاق")
    with pytest.raises(LinesRefused) as refused:
        keep(records=[Option(question=question, label="\u200fهدنة")], by=None, reason="r", command="t")
    assert "looks the same" in refused.value.parts[0, "records", 0].message_dict["label"][0]
    gone.withdrawn = True
    keep(records=[gone], by=None, reason="r", command="t")
    keep(records=[Option(question=question, label="\u200fاتفاق")], by=None, reason="r", command="t")


@pytest.mark.parametrize(("field", "value"), [("kind", "date"), ("several", True)])
def test_the_kind_of_a_question_with_claims_stays(field: str, value: object) -> None:
    question = make.make_question()
    make.make_claim(question, options=[make.make_option(question)])
    setattr(question, field, value)
    with pytest.raises(LinesRefused) as refused:
        keep(records=[question], by=None, reason="r", command="t")
    assert field in refused.value.parts[0, "records", 0].message_dict
