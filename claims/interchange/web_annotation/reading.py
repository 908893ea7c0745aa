"""Annotations read: which of them is about a claim on record, and where its words are to be looked for.

An annotation is about a claim where a body of it is the claim's address, in whatever version. Any other valid one is
accepted and said to be about no claim on record: an annotation alone says neither who speaks nor what is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from claims.interchange.addresses import address, claim_named
from claims.interchange.given_json import Malformed, read_json
from claims.interchange.web_annotation.model import Invalid, check_document, listed
from claims.models import Attribution, Claim, Snapshot, Source, User
from claims.queries.texts import has_text, text_of, texts_of
from claims.services.passages import Added, ForAttribution, add_passages
from claims.services.recording import NewPassage
from claims.text.outcome import Outcome
from claims.wording import word_outcome

Thing = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one annotation: its identifier, a word (`added`, `known`, `not_ours`, `refused`), a sentence."""

    annotation: str
    outcome: str
    sentence: str


def annotations_in(stream: BinaryIO) -> list[Thing]:
    """The annotations of a stream: one, a list of them, a page or a collection with its first page inside.

    Raises `Malformed`, with the place in the document, where it is not by the model.
    """
    value = read_json(stream)
    found: list[Thing] = []
    for number, each in enumerate(value if isinstance(value, list) else [value]):
        try:
            check_document(each)
        except Invalid as error:
            if isinstance(value, list):
                raise Malformed(_("Number %(number)d: %(why)s") % {"number": number + 1, "why": error}) from None
            raise
        found += _within(each)
    return found


def import_annotations(
    annotations: Sequence[Thing],
    *,
    by: User | None,
    reason: str,
    command: str = "",
    skip_refused: bool = False,
    dry_run: bool = False,
) -> list[Read]:
    """Add the passages of those that are about claims on record; says what became of each, in their order.

    Where one is refused nothing is written, unless `skip_refused`; with `dry_run` nothing is written anyhow.
    """
    claims = _claims(annotations)
    drafts: dict[int, ForAttribution] = {}
    told: dict[int, Read] = {}
    for number, annotation in enumerate(annotations):
        try:
            draft = _draft(annotation, claims)
        except Malformed as error:
            told[number] = Read(str(annotation["id"]), "refused", str(error))
        else:
            if draft is None:
                told[number] = Read(str(annotation["id"]), "not_ours", _("It is not about a claim on record."))
            else:
                drafts[number] = draft
    refused = any(each.outcome == "refused" for each in told.values()) and not skip_refused
    added = add_passages(
        passages=list(drafts.values()),
        by=by,
        reason=reason,
        command=command,
        skip_refused=skip_refused,
        dry_run=dry_run or refused,
    )
    told |= {number: _told(annotations[number], each) for number, each in zip(drafts, added, strict=True)}
    return [told[number] for number in sorted(told)]


def _within(value: Thing) -> list[Thing]:
    """The annotations of a document that was checked; where a page only names some, these are not here to be read."""
    kinds = listed(value, "type")
    if "AnnotationCollection" in kinds:
        first = value.get("first")
        return _within({"type": "AnnotationPage", **first}) if isinstance(first, dict) else []
    if "AnnotationPage" in kinds:
        return [each for each in value["items"] if not isinstance(each, str)]
    return [value]


def _told(annotation: Thing, added: Added) -> Read:
    name = str(annotation["id"])
    if added.refused is not None:
        return Read(name, "refused", " ".join(added.refused.messages))
    if added.known:
        return Read(name, "known", _("The attribution rests on these words already."))
    return Read(name, "added", word_outcome(added.placed.outcome if added.placed else Outcome.UNCHECKED))


def _claims(annotations: Sequence[Thing]) -> dict[UUID, Claim]:
    """The claims on record that the annotations name: one query."""
    named = {uid for annotation in annotations for uid in _named(annotation)}
    found = Claim.objects.current().filter(uid__in=named).select_related("attribution__source")
    return {claim.uid: claim for claim in found}


def _named(annotation: Thing) -> Iterator[UUID]:
    """The identifiers in the bodies that are addresses of claims of ours."""
    for body in listed(annotation, "body"):
        values = [body, body.get("id"), body.get("source")] if isinstance(body, dict) else [body]
        for value in values:
            if isinstance(value, str) and (uid := claim_named(value)):
                yield uid


def _draft(annotation: Thing, claims: Mapping[UUID, Claim]) -> ForAttribution | None:
    """The passage that an annotation makes of its target; None for one that is about no claim on record."""
    named = [claims[uid] for uid in _named(annotation) if uid in claims]
    if not named:
        return None
    attribution = named[0].attribution
    if any(claim.attribution_id != attribution.pk for claim in named):
        raise Malformed(_("Its claims are of several attributions. Annotate the words of each by themselves."))
    targets = listed(annotation, "target")
    target = targets[0]
    if len(targets) != 1 or not isinstance(target, dict) or "source" not in target:
        raise Malformed(_("Its target must be one source with the words selected in it."))
    source = attribution.source
    if _address(target["source"]) not in {source.url, address(source)} - {""}:
        sentence = _("The claim is carried by “%(source)s”, and the target is another. Name the address %(url)s.")
        raise Malformed(sentence % {"source": source, "url": source.url or address(source)})
    return ForAttribution(attribution=attribution, passage=_passage(attribution, target))


def _address(value: Any) -> str:
    return str(value.get("id", "")) if isinstance(value, dict) else str(value)


def _passage(attribution: Attribution, target: Thing) -> NewPassage:
    """The words that are selected, in the text that the state names, or else the newest."""
    selectors = {kind: each for each in _selectors(target) for kind in listed(each, "type")}
    quote, place = selectors.get("TextQuoteSelector"), selectors.get("TextPositionSelector")
    snapshot = _snapshot(attribution.source, target)
    start = place["start"] if place else None
    if quote is not None:
        prefix, suffix = quote.get("prefix", ""), quote.get("suffix", "")
        return NewPassage(snapshot=snapshot, exact=quote["exact"], prefix=prefix, suffix=suffix, start=start)
    if place is None:
        raise Malformed(_("Select the words by a TextQuoteSelector, or by a TextPositionSelector."))
    if not has_text(snapshot):
        raise Malformed(_("The text of the source is not here, so its words must be given by a TextQuoteSelector."))
    return NewPassage(snapshot=snapshot, exact=text_of(snapshot)[start : place["end"]], start=start)


def _selectors(thing: Thing) -> Iterator[Thing]:
    """The selectors of a target, and those that refine them."""
    for name in ("selector", "refinedBy"):
        for each in listed(thing, name):
            if isinstance(each, dict):
                yield each
                yield from _selectors(each)


def _snapshot(source: Source, target: Thing) -> Snapshot:
    """The text that a state names by its SHA-256, or the newest of the source."""
    digests = [each["schema:sha256"] for each in listed(target, "state") if isinstance(each, dict) and _digest(each)]
    known = Snapshot.objects.current().filter(source=source)
    for digest in digests:
        if snapshot := known.filter(sha256=digest.lower()).first():
            return snapshot  # type: ignore[no-any-return]
        sentence = _("The text with the SHA-256 %(sha256)s is not on record for this source. Attach it first.")
        raise Malformed(sentence % {"sha256": digest})
    texts = texts_of(source)
    newest = texts[-1] if texts else known.order_by("-pk").first()
    if newest is None:
        raise Malformed(_("The source has no text yet. Attach its text first; the quote is then found in it."))
    return newest


def _digest(state: Thing) -> bool:
    return isinstance(state.get("schema:sha256"), str)
