"""Attributions as an editor types them: the chain as one line, questions in place, a quote in the newest text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from claims.domain.vocabulary import AnswerKind
from claims.models import Agent, Attribution, Change, Passage, Question, Record, Snapshot, Source, Topic, User
from claims.queries.texts import texts_of
from claims.services.editing import change_attribution
from claims.services.naming import called
from claims.services.recording import (
    LinesRefused,
    NewAttribution,
    NewClaim,
    NewPassage,
    NewRelay,
    Refusals,
    attempt,
    keep_prepared,
    record,
)
from claims.services.speakers import read_chain
from claims.services.transaction import change
from claims.wording import word

ATTRIBUTION = (0, "attribution", 0)


@dataclass(kw_only=True)
class TypedQuestion:
    """A question typed in place: found where the topic has it, made where it has not. An empty topic is none."""

    text: str
    topic: str = ""
    kind: str = AnswerKind.CHOICE.value


@dataclass(kw_only=True)
class TypedClaim(NewClaim):
    """A claim, and the question that it answers where that was typed in place."""

    question: TypedQuestion | None = None


@dataclass(kw_only=True)
class TypedPassage:
    """A quote with what is known of its place; without a snapshot it stands in the newest text of the source."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    snapshot: Snapshot | None = None


@dataclass(kw_only=True)
class Typed:
    """An attribution with all that was typed with it.

    `chain` is the speaker and the relays as one line; where it is empty, the attribution has its speaker and `relays`
    are as picked (None leaves those of an attribution on record as they are).
    """

    attribution: Attribution
    chain: str = ""
    relays: Sequence[NewRelay] | None = None
    passage: TypedPassage | None = None
    passages: Sequence[Passage] = ()
    claims: Sequence[TypedClaim] = ()


def record_typed(*, typed: Typed, by: User | None, reason: str, command: str = "") -> Attribution:
    """Record a new attribution. Raises as `recording.record`, an unreadable chain under its field `chain`."""
    return _write(typed, by=by, reason=reason, command=command)


def change_typed(*, typed: Typed, by: User | None, reason: str, command: str = "") -> Attribution:
    """Change an attribution on record, adding its new claims. Raises as `editing.change_attribution`."""
    return _write(typed, by=by, reason=reason, command=command)


def _write(typed: Typed, *, by: User | None, reason: str, command: str) -> Attribution:
    refused: Refusals = {}
    with change(by=by, reason=reason, command=command) as this:
        attempt(this, refused, ATTRIBUTION, partial(_read_chain, this, typed))
        passages: list[NewPassage | Passage] = [*typed.passages]
        attempt(this, refused, (0, "passages", len(passages)), partial(_find_text, typed, passages))
        for line, claim in enumerate(typed.claims):
            attempt(this, refused, (0, "claims", line), partial(_ask, this, claim))
        try:
            if ATTRIBUTION not in refused:
                _hand_on(typed, passages, by=by, reason=reason)
        except LinesRefused as further:
            raise LinesRefused({**further.parts, **refused}) from None
        if refused:
            raise LinesRefused(refused)
    return typed.attribution


def _hand_on(typed: Typed, passages: Sequence[NewPassage | Passage], *, by: User | None, reason: str) -> None:
    """Give what is understood now to the service that writes it."""
    if typed.attribution._state.adding:
        new = NewAttribution(
            attribution=typed.attribution,
            relays=typed.relays or (),
            passages=[each for each in passages if isinstance(each, NewPassage)],
            claims=typed.claims,
        )
        record(attributions=[new], by=by, reason=reason)
    else:
        change_attribution(
            attribution=typed.attribution,
            relays=typed.relays,
            passages=passages,
            claims=typed.claims,
            by=by,
            reason=reason,
        )


def _read_chain(this: Change, typed: Typed) -> None:
    """Set speaker and relays from the line, where one was typed."""
    if not typed.chain.strip():
        return
    try:
        chain = read_chain(this, line=typed.chain, source=typed.attribution.source)
    except ValidationError as error:
        raise ValidationError({"chain": error.messages}) from None
    typed.attribution.speaker = chain.speaker
    typed.relays = [NewRelay(agent=agent) for agent in chain.relays]


def _find_text(typed: Typed, passages: list[NewPassage | Passage]) -> None:
    """Add the quote to the passages, in the snapshot named or the newest of the source."""
    quote = typed.passage
    if quote is None:
        return
    snapshot = quote.snapshot or newest_snapshot(typed.attribution.source)
    if snapshot is None:
        raise ValidationError(
            {"quote": _("The source has no text yet. Attach its text first; the quote is then found in it.")}
        )
    if snapshot.source_id != typed.attribution.source_id:
        raise ValidationError({"snapshot": _("This text is of another source. Choose one of the source named.")})
    passages.append(
        NewPassage(snapshot=snapshot, exact=quote.exact, prefix=quote.prefix, suffix=quote.suffix, start=quote.start)
    )


def newest_snapshot(source: Source) -> Snapshot | None:
    """The newest text of the source; where none is on record, the newest that is known by its hash."""
    texts = texts_of(source)
    if texts:
        return texts[-1]
    known: Snapshot | None = Snapshot.objects.current().filter(source=source).order_by("-pk").first()
    return known


def _ask(this: Change, typed: TypedClaim) -> None:
    """Find or make the question that was typed in place."""
    new = typed.question
    if new is None:
        return
    topic = _named_topic(this, new.topic.strip())
    question: Question | None = Question.objects.current().filter(topic=topic, text=new.text.strip()).first()
    if question is None:
        question = Question(topic=topic, text=new.text.strip(), kind=new.kind)
        _keep_named(this, question, {"text": "new_question", "kind": "new_kind"}, otherwise="new_question")
    elif question.kind != new.kind:
        sentence = _("“%(question)s” is on record, and its answer is of the kind “%(kind)s”. Choose that kind.")
        kind = word(AnswerKind(question.kind))
        raise ValidationError({"new_kind": sentence % {"question": called(question), "kind": kind}})
    typed.claim.question = question


def _named_topic(this: Change, name: str) -> Topic | None:
    if not name:
        return None
    topic: Topic | None = Topic.objects.current().filter(name=name).first()
    if topic is None:
        topic = Topic(name=name)
        _keep_named(this, topic, {}, otherwise="new_topic")
    return topic


def _keep_named(this: Change, new: Record, fields: dict[str, str], *, otherwise: str) -> None:
    """Save a new record; what it is refused for stands under the fields in which it was typed."""
    try:
        keep_prepared(this, new)
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise ValidationError({otherwise: error.messages}) from None
        found: dict[str, list[str]] = {}
        for name, sentences in error.message_dict.items():
            found.setdefault(fields.get(name, otherwise), []).extend(sentences)
        raise ValidationError(found) from None


def same_speaker(attribution: Attribution) -> tuple[Agent, list[NewRelay]]:
    """Speaker and relays of an attribution, to be typed again in another."""
    relays = attribution.relays.filter(withdrawn=False).select_related("agent").order_by("position")
    return attribution.speaker, [NewRelay(agent=relay.agent, cue=relay.cue) for relay in relays]
