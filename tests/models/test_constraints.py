"""Every constraint of the records: the database holds it alone, and the door says in a sentence what is wrong."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.models import (
    RECORDS,
    Agent,
    AgentName,
    Attribution,
    Claim,
    ClaimLink,
    ClaimOption,
    ClaimWording,
    Correction,
    Distinction,
    Likeness,
    Option,
    OptionBroader,
    Passage,
    Question,
    Record,
    Relay,
    Retraction,
    Side,
    Snapshot,
    Source,
    Topic,
)
from claims.models.fields import Checked
from claims.services.refusals import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY, NEXT = datetime(2016, 9, 19, tzinfo=UTC), datetime(2016, 9, 20, tzinfo=UTC)
BACKWARDS = (NEXT, DAY)


def question(**fields: Any) -> Question:
    return Question(text="How many?", **fields)


def claim(**fields: Any) -> Claim:
    return Claim(attribution=make.make_attribution(), **fields)


def passage(**fields: Any) -> Passage:
    attribution = make.make_attribution()
    return Passage(attribution=attribution, snapshot=make.make_snapshot(attribution.source), exact="x", **fields)


def pointing_at_itself(record: Record, field: str) -> Record:
    """The record with a reference to itself."""
    setattr(record, f"{field}_id", record.pk)
    return record


def again(record: Record) -> Record:
    """A second record with the values of the first."""
    values = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    return type(record)(**{name: value for name, value in values.items() if name not in {"id", "uid"}})


def option() -> Option:
    return make.make_option(make.make_question())


def link(first: Claim, second: Claim) -> ClaimLink:
    return make.make_link(first, second, "revises")


def likeness(first: Agent | Source, second: Agent | Source, *, judged: str) -> Likeness:
    field = first._meta.model_name
    return Likeness(**{f"first_{field}": first, f"second_{field}": second, "judged": judged, "grounds": "They look it"})


# The name of each constraint, and a record that it forbids.
FORBIDDEN: dict[str, Callable[[], Record]] = {
    "side_name_unique": lambda: again(make.make_side()),
    "agent_kind_known": lambda: Agent(name="x", kind="ghost"),
    "agent_reliability_known": lambda: Agent(name="x", reliability="G"),
    "agent_speaks_for_not_itself": lambda: pointing_at_itself(make.make_agent(), "speaks_for"),
    "agent_same_as_not_itself": lambda: pointing_at_itself(make.make_agent(), "same_as"),
    "agent_source_only_unnamed": lambda: Agent(name="x", kind="person", source=make.make_source()),
    "agent_unnamed_unique_in_source": lambda: again(make.make_agent(kind="unnamed", source=make.make_source())),
    "agent_name_unique": lambda: again(make.record(AgentName(agent=make.make_agent(), language="ar", text="مصدر"))),
    "source_medium_known": lambda: Source(title="x", medium="rumour"),
    "source_reliability_known": lambda: Source(title="x", reliability="a"),
    "source_published_on_bounded": lambda: Source(title="x", published_on="2016"),
    "source_url_is_web_address": lambda: Source(title="x", url="javascript:alert(1)"),
    "source_url_unique": lambda: again(make.make_source(url="https://example.org/a")),
    "snapshot_sha256_length": lambda: Snapshot(source=make.make_source(), sha256="ab"),
    "snapshot_sha256_digits": lambda: Snapshot(source=make.make_source(), sha256="A" * 64),
    "snapshot_archive_url_is_web_address": lambda: Snapshot(
        source=make.make_source(), sha256="a" * 64, archive_url="file:///etc/passwd"
    ),
    "snapshot_text_has_length": lambda: Snapshot(source=make.make_source(), sha256="a" * 64, encoding="utf-8"),
    "snapshot_unique_in_source": lambda: again(make.make_snapshot()),
    "topic_name_unique": lambda: again(make.make_topic()),
    "question_kind_known": lambda: question(kind="essay"),
    "question_over_time_known": lambda: question(over_time="shrinks"),
    "question_aspect_known": lambda: question(aspect="rumours"),
    "question_event_on_bounded": lambda: question(event_from=DAY, event_until=NEXT),
    "question_outcome_of_not_itself": lambda: pointing_at_itself(make.make_question(), "outcome_of"),
    "question_several_only_choice": lambda: question(kind="quantity", several=True),
    "question_grows_only_ordered": lambda: question(kind="choice", over_time="grows"),
    "question_window_iff_changes": lambda: question(over_time="changes"),
    "question_tolerance_not_negative": lambda: question(tolerance=-1),
    "question_rounding_not_negative": lambda: question(rounding=-1),
    "question_unit_only_quantity": lambda: question(kind="date", unit="people"),
    "question_unique_in_topic": lambda: again(make.make_question(topic=make.make_topic())),
    "question_unique_without_topic": lambda: again(make.make_question(topic=None)),
    "option_label_unique": lambda: again(option()),
    "option_broader_option_not_itself": lambda: OptionBroader(option=(same := option()), broader=same),
    "option_broader_unique": lambda: again(make.record(OptionBroader(option=option(), broader=option()))),
    "attribution_manner_known": lambda: Attribution(
        source=make.make_source(), speaker=make.make_agent(), manner="sung"
    ),
    "attribution_said_on_bounded": lambda: Attribution(
        source=make.make_source(), speaker=make.make_agent(), said_on="?", said_from=NEXT, said_until=DAY
    ),
    "relay_position_unique": lambda: again(
        make.record(Relay(attribution=make.make_attribution(), agent=make.make_agent(), position=0))
    ),
    "passage_span": lambda: passage(start=5, end=3),
    "claim_stance_known": lambda: claim(answer="x", stance="shrugs"),
    "claim_certainty_known": lambda: claim(answer="x", certainty="sure"),
    "claim_review_known": lambda: claim(answer="x", review="maybe"),
    "claim_credibility_known": lambda: claim(answer="x", credibility=7),
    "claim_as_of_bounded": lambda: claim(answer="x", as_of="", as_of_from=DAY, as_of_until=NEXT),
    "claim_copied_from_not_itself": lambda: pointing_at_itself(make.make_claim(), "copied_from"),
    "claim_quantity_ascends": lambda: claim(answer="3..2", quantity_low=3, quantity_high=2),
    "claim_external_id_unique": lambda: again(make.make_claim(external_id="row 7")),
    "claim_option_unique": lambda: again(make.record(ClaimOption(claim=make.make_claim(), option=option()))),
    "claim_wording_language_unique": lambda: again(
        make.record(ClaimWording(claim=make.make_claim(), language="en", text="It rained."))
    ),
    "claim_link_kind_known": lambda: ClaimLink(claim=make.make_claim(), other=make.make_claim(), kind="likes"),
    "claim_link_claim_not_itself": lambda: ClaimLink(claim=(same := make.make_claim()), other=same),
    "claim_link_unique": lambda: again(link(make.make_claim(), make.make_claim())),
    "retraction_dated_on_bounded": lambda: Retraction(claim=make.make_claim(), dated_on="2016", dated_from=DAY),
    "retraction_span": lambda: Retraction(claim=make.make_claim(), start=5),
    "correction_dated_on_bounded": lambda: Correction(
        claim=make.make_claim(), dated_on="2016", dated_from=DAY, dated_until=DAY
    ),
    "correction_span": lambda: Correction(claim=make.make_claim(), end=5),
    "distinction_in_order": lambda: Distinction(second=make.make_agent(), first=make.make_agent()),
    "distinction_unique": lambda: again(make.record(Distinction(first=make.make_agent(), second=make.make_agent()))),
    "likeness_judged_known": lambda: likeness(make.make_source(), make.make_source(), judged="alike"),
    "likeness_of_a_pair": lambda: Likeness(first_source=make.make_source(), judged="same", grounds="x"),
    "likeness_of_agents_unique": lambda: again(
        make.record(likeness(make.make_agent(), make.make_agent(), judged="unsure"))
    ),
    "likeness_of_sources_unique": lambda: again(
        make.record(likeness(make.make_source(), make.make_source(), judged="copied"))
    ),
}


@pytest.mark.parametrize(
    "made",
    [
        lambda: Likeness(judged="unsure", grounds="x"),
        lambda: likeness(make.make_agent(), make.make_agent(), judged="same"),
        lambda: likeness(*reversed([make.make_source(), make.make_source()]), judged="same"),
        lambda: likeness(same := make.make_source(), same, judged="same"),
        lambda: Likeness(
            first_source=make.make_source(),
            second_source=make.make_source(),
            first_agent=make.make_agent(),
            judged="same",
        ),
    ],
)
def test_a_likeness_is_of_two_agents_or_two_sources_and_of_agents_unsure(
    made: Callable[[], Likeness], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = made()
    monkeypatch.delattr(Checked, "get_db_prep_save")
    with pytest.raises(IntegrityError, match="likeness_of_a_pair"), transaction.atomic():
        write_past_the_guard(record)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_database_alone_refuses_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    record = FORBIDDEN[name]()
    monkeypatch.delattr(Checked, "get_db_prep_save")  # as a write from elsewhere, which no field checks
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write_past_the_guard(record)
    constraint = constraint_named(name)
    if connection.vendor == "postgresql" or isinstance(constraint, models.CheckConstraint):
        assert name in str(refusal.value)
    else:  # SQLite names the columns of a unique index
        assert all(f".{record._meta.get_field(field).column}" in str(refusal.value) for field in constraint.fields)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_door_says_what_is_wrong(name: str) -> None:
    record = FORBIDDEN[name]()
    versions = type(record).history.count()
    with pytest.raises(Refused) as refusal:
        make.record(record)
    assert refusal.value.record.uid == record.uid
    assert type(record).history.count() == versions == type(record).objects.count()
    if not name.endswith("_known"):  # for these the field's own sentence comes first
        assert str(constraint_named(name).violation_error_message) in refusal.value.messages


def test_every_constraint_is_tried_here() -> None:
    names = {constraint.name for model in RECORDS for constraint in model._meta.constraints}
    assert names == set(FORBIDDEN)


def test_every_constraint_has_a_sentence_of_its_own() -> None:
    for model in RECORDS:
        for constraint in model._meta.constraints:
            assert str(constraint.violation_error_message).endswith((".", "}.")), constraint.name
            assert constraint.violation_error_message != constraint.default_violation_error_message


def test_a_withdrawn_record_leaves_its_place_to_another() -> None:
    kept = make.make_option(make.make_question(), "West")
    kept.withdrawn = True
    make.record(kept)
    assert make.make_option(kept.question, "West").pk != kept.pk


def test_what_is_not_stated_may_be_repeated() -> None:
    make.make_source(url="")
    make.make_source(url="")
    make.make_claim(external_id="")
    make.make_claim(external_id="")
    assert Source.objects.count() == 4
    assert Topic.objects.count() == Side.objects.count() == 0


@pytest.mark.parametrize("model", RECORDS)
def test_a_record_made_fresh_is_what_the_model_makes(model: type[Record]) -> None:
    moment = timezone.now()
    stated = {"uid": uuid4(), "recorded_at": moment}
    plain, fresh = model(**stated), model.fresh(**stated)
    assert vars(fresh).keys() == vars(plain).keys()
    assert {**vars(fresh), "_state": None} == {**vars(plain), "_state": None}
    assert vars(fresh._state) == vars(plain._state)
    assert model.fresh().uid != model.fresh().uid
    mutable = [name for name, value in vars(fresh).items() if isinstance(value, dict | list)]
    assert all(getattr(model.fresh(), name) is not getattr(fresh, name) for name in mutable)


def write_past_the_guard(record: Record) -> None:
    rows = QuerySet(type(record))
    if record._state.adding:
        rows.bulk_create([record])
    else:
        fields = [field.attname for field in record._meta.concrete_fields if not field.primary_key]
        rows.filter(pk=record.pk).update(**{name: getattr(record, name) for name in fields})


def constraint_named(name: str) -> Any:
    return next(constraint for model in RECORDS for constraint in model._meta.constraints if constraint.name == name)
