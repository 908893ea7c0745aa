"""Parts and wholes: writing a relay, a passage, a name ... is a change of what it is part of."""

from collections.abc import Callable

import pytest

from claims.models import (
    AgentName,
    Attribution,
    ClaimOption,
    ClaimWording,
    OptionBroader,
    Passage,
    Record,
    Relay,
)
from claims.services.refusals import Stale
from claims.services.transaction import change, save
from tests import factories as make

pytestmark = pytest.mark.django_db


def parts() -> dict[str, Callable[[], tuple[Record, Record]]]:
    """For each part: the whole, already on record, and the part, not yet."""

    def agent() -> tuple[Record, Record]:
        return (whole := make.make_agent()), AgentName(agent=whole, language="ar", text="وكيل")

    def relay() -> tuple[Record, Record]:
        return (whole := make.make_attribution()), Relay(attribution=whole, agent=make.make_agent())

    def passage() -> tuple[Record, Record]:
        whole = make.make_attribution()
        return whole, Passage(attribution=whole, snapshot=make.make_snapshot(whole.source), exact="x")

    def broader() -> tuple[Record, Record]:
        question = make.make_question()
        whole = make.make_option(question)
        return whole, OptionBroader(option=whole, broader=make.make_option(question))

    def option() -> tuple[Record, Record]:
        whole = make.make_claim(make.make_question())
        return whole, ClaimOption(claim=whole, option=make.make_option(whole.question))

    def wording() -> tuple[Record, Record]:
        return (whole := make.make_claim()), ClaimWording(claim=whole, language="en", text="It rained.")

    return {"name": agent, "relay": relay, "passage": passage, "broader": broader, "option": option, "wording": wording}


@pytest.mark.parametrize("kind", parts())
def test_writing_a_part_raises_the_version_of_the_whole(kind: str) -> None:
    whole, part = parts()[kind]()
    make.record(part)
    assert (whole.version, whole.history.count(), part.version) == (2, 2, 1)
    part.withdrawn = True
    make.record(part)
    assert (whole.version, whole.history.count(), part.version) == (3, 3, 2)
    make.record(part)  # nothing has changed
    assert (whole.version, whole.history.count(), part.version) == (3, 3, 2)
    whole.refresh_from_db()
    assert whole.version == 3
    assert [row.version for row in whole.history.order_by("history_id")] == [1, 2, 3]
    assert type(whole).history.exclude(id=whole.pk).filter(history_type="~").count() == 0


def test_parts_recorded_together_with_their_whole_leave_it_at_its_first_version() -> None:
    attribution = make.make_attribution(relays=[make.make_agent(), make.make_agent()])
    assert (attribution.version, attribution.history.count(), Relay.objects.count()) == (1, 1, 2)


def test_many_parts_raise_the_whole_once_in_a_change() -> None:
    attribution = make.make_attribution()
    with change(by=None, reason="A test", command="test") as this:
        for place in range(3):
            save(this, [Relay(attribution=attribution, position=place, agent=make.make_agent())])
        attribution.cue = "denied"
        save(this, [attribution])  # a write of its own, on the version that the parts have made
    assert (attribution.version, attribution.history.count()) == (3, 3)


def test_a_form_that_holds_an_old_whole_is_stale_when_a_part_has_changed() -> None:
    attribution = make.make_attribution()
    form = Attribution.objects.get()
    make.make_passage(attribution)
    with pytest.raises(Stale):
        make.record(form, Relay(attribution=form, agent=make.make_agent()))
    assert not Relay.objects.exists()


def test_a_whole_read_elsewhere_is_raised_in_the_database() -> None:
    attribution = make.make_attribution()
    make.record(Relay(attribution_id=attribution.pk, agent=make.make_agent()))
    attribution.refresh_from_db()
    assert attribution.version == 2
