"""Links between claims (rule 2): one revises another, disowns it, or both stand."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from claims.domain.identity import canonical, circle_in
from claims.domain.values import Key
from claims.domain.vocabulary import LinkKind
from claims.models import Change, Claim, ClaimLink, User
from claims.permissions import Capability, require
from claims.queries.cases import agents_reached
from claims.services.naming import called
from claims.services.transaction import change, lock_questions, save

Pair = tuple[Claim, Claim]

# What cannot be said of two claims beside each kind.
AGAINST: dict[LinkKind, frozenset[LinkKind]] = {
    LinkKind.REVISES: frozenset({LinkKind.BOTH_STAND, LinkKind.DISOWNS}),
    LinkKind.BOTH_STAND: frozenset({LinkKind.REVISES}),
    LinkKind.DISOWNS: frozenset({LinkKind.REVISES}),
}


def revise(*, pairs: Sequence[Pair], by: User | None, reason: str, command: str = "") -> list[ClaimLink]:
    """Put on record that the first claim of each pair revises the second, of the same speaker.

    Raises:
        NotAllowed: the user may not link claims.
        ValidationError: on `other`, for claims of which this cannot be said; nothing is written.
    """
    return _link(LinkKind.REVISES, pairs, by, reason, command)


def let_both_stand(*, pairs: Sequence[Pair], by: User | None, reason: str, command: str = "") -> list[ClaimLink]:
    """Put on record that neither claim of a pair revises the other. Raises as `revise` does."""
    ordered = [(first, second) if first.pk < second.pk else (second, first) for first, second in pairs]
    return _link(LinkKind.BOTH_STAND, ordered, by, reason, command)


def disown(*, pairs: Sequence[Pair], by: User | None, reason: str, command: str = "") -> list[ClaimLink]:
    """Put on record that the first claim of each pair says that the second was never said. Raises as `revise` does."""
    return _link(LinkKind.DISOWNS, pairs, by, reason, command)


def withdraw_links(*, links: Sequence[ClaimLink], by: User | None, reason: str, command: str = "") -> list[ClaimLink]:
    """Withdraw links; they are kept, and count no more. Raises `NotAllowed`, and `Stale` as `save` does."""
    require(by, Capability.REVISE)
    with change(by=by, reason=reason, command=command) as this:
        for link in links:
            link.withdrawn = True
        save(this, links)
    return list(links)


def _link(kind: LinkKind, pairs: Sequence[Pair], by: User | None, reason: str, command: str) -> list[ClaimLink]:
    require(by, Capability.REVISE)
    with change(by=by, reason=reason, command=command) as this:
        present = _present(this, pairs)
        links = [ClaimLink(kind=kind.value, claim=present[one.pk], other=present[two.pk]) for one, two in pairs]
        if refused := list(_refusals(kind, links)):
            raise ValidationError({"other": refused})
        save(this, links)
        if kind is LinkKind.REVISES:
            _refuse_circle(links)
    return links


def _present(this: Change, pairs: Sequence[Pair]) -> dict[int, Claim]:
    """The claims as they are now, by key, with their questions locked: two editors cannot close a circle together."""
    claims = list(chain.from_iterable(pairs))
    lock_questions(this, {claim.question_id for claim in claims if claim.question_id is not None})
    present: dict[int, Claim] = Claim.objects.select_related("attribution__speaker").in_bulk(
        {claim.pk for claim in claims}
    )
    return present


def _refusals(kind: LinkKind, links: Collection[ClaimLink]) -> Iterator[str]:
    """A sentence for each of the new links that cannot be."""
    agents = agents_reached({claim.attribution.speaker_id for claim in _claims(links)})
    for link in links:
        claim, other = link.claim, link.other
        speakers = {canonical(agents, each.attribution.speaker_id) for each in (claim, other)}
        if withdrawn := [each for each in (claim, other) if each.withdrawn]:
            yield _("“%(claim)s” is withdrawn. Link claims that are not.") % {"claim": called(withdrawn[0])}
        elif claim.question_id is None or claim.question_id != other.question_id:
            yield _("“%(claim)s” and “%(other)s” do not answer the same question. Link claims that do.") % _named(link)
        elif kind is LinkKind.REVISES and len(speakers) > 1:
            yield _(
                "“%(claim)s” is of %(speaker)s and “%(other)s” of %(other_speaker)s, and nobody revises what another "
                "said. If the two are the same, judge them so first."
            ) % {
                **_named(link),
                "speaker": called(claim.attribution.speaker),
                "other_speaker": called(other.attribution.speaker),
            }
        elif against := _against(kind, link):
            yield _(
                "It is on record about “%(claim)s” and “%(other)s”: %(kind)s. Both cannot be; withdraw that link first."
            ) % {**_named(link), "kind": against.get_kind_display()}


def _against(kind: LinkKind, link: ClaimLink) -> ClaimLink | None:
    """A current link between the two claims that says the contrary."""
    between = Q(claim=link.claim, other=link.other) | Q(claim=link.other, other=link.claim)
    contrary = [each.value for each in AGAINST[kind]]
    found: ClaimLink | None = ClaimLink.objects.current().filter(between, kind__in=contrary).first()
    return found


def _refuse_circle(links: Collection[ClaimLink]) -> None:
    """Raise `ValidationError` where the revisions on the same questions go round in a circle, naming the way."""
    questions = {link.claim.question_id for link in links}
    revised: dict[Key, frozenset[Key]] = {}
    rows = ClaimLink.objects.current().filter(kind=LinkKind.REVISES.value, claim__question__in=questions)
    for claim, other in rows.order_by("claim", "other").values_list("claim", "other"):
        revised[claim] = revised.get(claim, frozenset()) | {other}
    if way := circle_in(revised):
        claims = Claim.objects.in_bulk([key for key in way if isinstance(key, int)])
        named = " > ".join(f"“{called(claims[key])}”" for key in way if isinstance(key, int))
        sentence = _("These claims would revise each other in a circle: %(way)s. Leave out one of the revisions.")
        raise ValidationError({"other": sentence % {"way": named}})


def _claims(links: Iterable[ClaimLink]) -> Iterator[Claim]:
    return chain.from_iterable((link.claim, link.other) for link in links)


def _named(link: ClaimLink) -> dict[str, str]:
    return {"claim": called(link.claim), "other": called(link.other)}
