"""Claims with all that the claims table says of them, in batches read by key: a fixed number of queries each."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from claims.domain.option_paths import paths_to
from claims.domain.values import Key
from claims.domain.vocabulary import AnswerKind
from claims.models import Claim, ClaimOption, ClaimState, ClaimWording, OptionBroader, Passage, Relay

BATCH = 500
"""Claims that are in memory at a time."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableClaim:
    """A claim with its attribution, source, question and parts read; `paths` are the ways to the options it names."""

    claim: Claim
    paths: tuple[Path, ...]


def claims_in_batches(rows: QuerySet[ClaimState], size: int = BATCH) -> Iterator[list[TableClaim]]:
    """The claims of these rows in the order in which they were recorded, whatever the order of the rows.

    Each batch is read by key after the one before: what is recorded meanwhile comes at the end, and nothing twice.
    """
    last = 0
    ordered = rows.order_by("claim_id").values_list("claim_id", flat=True)
    while keys := list(ordered.filter(claim_id__gt=last)[:size]):
        claims = list(_claims(keys))
        paths = _paths({claim.question_id for claim in claims if _is_choice(claim)})
        yield [TableClaim(claim, _named(claim, paths)) for claim in claims]
        last = keys[-1]


def statement_languages(rows: QuerySet[ClaimState]) -> list[str]:
    """The languages in which any of the claims has a wording, in alphabetical order."""
    wordings = ClaimWording.objects.current().filter(claim__in=rows.order_by().values("claim"))
    return list(wordings.order_by("language").values_list("language", flat=True).distinct())


def _claims(keys: Collection[int]) -> QuerySet[Claim]:
    claims: QuerySet[Claim] = (
        Claim.objects.filter(pk__in=keys)
        .select_related(
            "question__topic",
            "attribution__source__publisher",
            "attribution__speaker__side",
            "attribution__speaker__speaks_for",
            "attribution__side",
            "attribution__on_behalf_of",
        )
        .prefetch_related(
            Prefetch("wordings", ClaimWording.objects.current().order_by("language")),
            Prefetch("options", ClaimOption.objects.current().select_related("option").order_by("pk")),
            Prefetch("attribution__relays", Relay.objects.current().select_related("agent").order_by("position")),
            Prefetch("attribution__passages", Passage.objects.current().select_related("snapshot").order_by("pk")),
        )
        .order_by("pk")
    )
    return claims


def _is_choice(claim: Claim) -> bool:
    return claim.question is not None and claim.question.kind == AnswerKind.CHOICE


def _named(claim: Claim, above: Mapping[Key, list[tuple[Key, str]]]) -> tuple[Path, ...]:
    """The ways to the options that the claim names, by their labels as they are now."""
    if not _is_choice(claim):
        return ()
    labels: dict[Key, str] = {each.option_id: each.option.label for each in claim.options.all()}
    steps = {option: [key for key, _label in broader] for option, broader in above.items()}
    ways = [way for option in labels for way in paths_to(option, steps)]
    known = labels | {key: label for broader in above.values() for key, label in broader}
    return tuple(tuple(known[key] for key in way) for way in ways)


def _paths(questions: Collection[int | None]) -> dict[Key, list[tuple[Key, str]]]:
    """For each option of the questions those directly above it, with their labels."""
    above: dict[Key, list[tuple[Key, str]]] = defaultdict(list)
    steps = OptionBroader.objects.current().filter(option__question__in=questions)
    # Sorted here: databases do not agree on the order of texts, and exports of both are to be equal.
    for label, broader, option in sorted(steps.values_list("broader__label", "broader", "option")):
        above[option].append((broader, label))
    return dict(above)
