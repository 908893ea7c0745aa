"""Every service does what a role may do and no more; a command may do all, in its own name."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from claims.domain.vocabulary import AnswerKind, LinkKind
from claims.models import Correction, Distinction, Finding, Record, User
from claims.permissions import Role
from claims.services.findings import Settlement, settle, withdraw_findings
from claims.services.judgements import judge_distinct, judge_same, undo_distinct, undo_same
from claims.services.links import disown, let_both_stand, revise, withdraw_links
from claims.services.notices import Notice, correct, retract, withdraw_notices
from claims.services.review import check, discard, reopen
from claims.services.texts import attach_pasted, attach_text
from claims.services.transaction import OutsideService
from tests import factories as make
from tests.services.written import nothing_written, rows

pytestmark = pytest.mark.django_db

Service = Callable[..., object]
# A service with arguments that it takes, but for who calls it.
Call = Callable[[], tuple[Service, dict[str, object]]]


def linking(service: Service) -> Call:
    def call() -> tuple[Service, dict[str, object]]:
        question, attribution = make.make_quantity_question(), make.make_attribution()
        pair = tuple(make.make_quantity(question, number, attribution=attribution) for number in (3, 2))
        return service, {"pairs": [pair]}

    return call


def reviewing(service: Service, **fields: object) -> Call:
    return lambda: (service, {"claims": [make.make_claim(**fields)]})


def noticing(service: Service) -> Call:
    return lambda: (service, {"notices": [Notice(claim=make.make_claim())]})


def judging(service: Service) -> Call:
    return lambda: (service, {"pairs": [(make.make_agent(), make.make_agent())]})


def withdrawing(service: Service, name: str, made: Callable[[], Record]) -> Call:
    return lambda: (service, {name: [make.record(made())]})


def a_distinction() -> Record:
    return Distinction(first=make.make_agent(), second=make.make_agent())


def a_finding() -> Record:
    return Finding(
        question=make.make_question(), answer="x", grounds="x", settled_on=timezone.now(), settled_by=make.make_user()
    )


def a_settlement() -> Settlement:
    return Settlement(question=make.make_question(kind=AnswerKind.YES_NO), answer="yes", grounds="A list")


EDITOR, REVIEWER = {Role.EDITOR, Role.ADMINISTRATOR}, {Role.REVIEWER, Role.ADMINISTRATOR}

CALLS: dict[str, tuple[set[Role], Call]] = {
    "check": (REVIEWER, reviewing(check)),
    "discard": (REVIEWER, reviewing(discard)),
    "reopen": (REVIEWER, reviewing(reopen, review="checked")),
    "settle": (REVIEWER, lambda: (settle, {"settlements": [a_settlement()]})),
    "withdraw findings": (REVIEWER, withdrawing(withdraw_findings, "findings", a_finding)),
    "revise": (EDITOR, linking(revise)),
    "let both stand": (EDITOR, linking(let_both_stand)),
    "disown": (EDITOR, linking(disown)),
    "withdraw links": (
        EDITOR,
        lambda: (withdraw_links, {"links": [make.make_link(make.make_claim(), make.make_claim(), LinkKind.DISOWNS)]}),
    ),
    "retract": (EDITOR, noticing(retract)),
    "correct": (EDITOR, noticing(correct)),
    "withdraw notices": (
        EDITOR, withdrawing(withdraw_notices, "notices", lambda: Correction(claim=make.make_claim()))
    ),
    "judge same": (EDITOR, judging(judge_same)),
    "undo same": (EDITOR, lambda: (undo_same, {"agents": [make.make_agent(same_as=make.make_agent())]})),
    "judge distinct": (EDITOR, judging(judge_distinct)),
    "undo distinct": (EDITOR, withdrawing(undo_distinct, "distinctions", a_distinction)),
    "attach a text": (EDITOR, lambda: (attach_text, {"source": make.make_source(), "content": b"words"})),
    "attach a pasted text": (EDITOR, lambda: (attach_pasted, {"source": make.make_source(), "text": "words"})),
}  # fmt: skip


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("name", CALLS)
def test_a_service_serves_its_roles_and_no_other(name: str, role: Role | None) -> None:
    allowed, call = CALLS[name]
    service, arguments = call()
    user = make.make_user(role)
    if role in allowed:
        before = rows()
        service(**arguments, by=user, reason="As my role has it")
        assert rows() != before
    else:
        with nothing_written(), pytest.raises(PermissionDenied, match=r"You may not .* needs the role of"):
            service(**arguments, by=user, reason="As my role has it")


@pytest.mark.parametrize("name", CALLS)
def test_a_user_who_was_deactivated_may_do_nothing(name: str) -> None:
    service, arguments = CALLS[name][1]()
    user: User = make.make_user(Role.ADMINISTRATOR, is_active=False)
    with nothing_written(), pytest.raises(PermissionDenied):
        service(**arguments, by=user, reason="As my role has it")


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"settle"}))
def test_a_command_serves_itself_in_its_own_name_only(name: str) -> None:
    service, arguments = CALLS[name][1]()
    with nothing_written(), pytest.raises(OutsideService):
        service(**arguments, by=None, reason="As a command does")
    before = rows()
    service(**arguments, by=None, command="test", reason="As a command does")
    assert rows() != before
