"""Claims with all that the claims table says of them, in batches read by key: a fixed number of queries each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from claims.domain.notation import WrittenChoice, read_choice, write_choice
from claims.domain.option_paths import paths_to
from claims.domain.refusals import Refusal
from claims.domain.values import Key
from claims.domain.vocabulary import AnswerKind
from claims.models import Claim, ClaimOption, ClaimState, ClaimWording, OptionBroader, Passage, Relay

BATCH = 500
"""Claims that are in memory at a time."""

# Rows of values, not records: of a hundred thousand claims most of the time would go into making these.
OF_CLAIM = (
    *("pk", "uid", "external_id", "stance", "certainty", "inferred", "answer", "only", "as_of", "review"),
    *("question", "question__topic__name", "question__text", "question__kind", "question__unit", "question__several"),
    *("question__over_time", "question__window_hours", "question__tolerance", "question__rounding"),
    *("attribution", "attribution__role", "attribution__cue", "attribution__manner", "attribution__said_on"),
    *("attribution__side__name", "attribution__on_behalf_of__name"),
    *("attribution__speaker__uid", "attribution__speaker__name", "attribution__speaker__kind"),
    *("attribution__speaker__side__name", "attribution__speaker__speaks_for__name"),
    *("attribution__source__title", "attribution__source__url", "attribution__source__publisher__name"),
    *("attribution__source__published_on", "attribution__source__language"),
)

Path = tuple[str, ...]


class TablePassage(NamedTuple):
    """The words that an attribution rests on, and where they stand in which text."""

    exact: str
    prefix: str
    suffix: str
    start: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class TableClaim:
    """A claim as the table has it.

    `fields` are those of `OF_CLAIM`, by their way from the claim; `wordings` are (language, text); `relays` names those
    who passed it on, the nearest to the speaker first; `passage` is the first of them; `paths` are the ways to the
    options that the claim names, by their labels as they are now.
    """

    fields: Mapping[str, Any]
    wordings: Sequence[tuple[str, str]]
    relays: Sequence[str]
    passage: TablePassage | None
    paths: Sequence[Path]

    @property
    def answer(self) -> str:
        """The answer as written; where the options it names are called otherwise, or lie deeper, as they are now."""
        written: str = self.fields["answer"]
        if not self.paths:
            return written
        only: bool = self.fields["only"]
        try:
            read = read_choice(written)
        except Refusal:
            read = WrittenChoice(())
        if set(read.paths) == set(self.paths) and read.only == only:
            return written
        return write_choice(WrittenChoice(tuple(self.paths), only))


def claims_by_key(keys: Collection[int]) -> dict[int, TableClaim]:
    """These claims by their keys, all of them in memory."""
    ordered = sorted(keys)
    parts = (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
    return {found.fields["pk"]: found for part in parts for found in _batch(part)}


def claims_in_batches(rows: QuerySet[ClaimState], size: int = BATCH) -> Iterator[list[TableClaim]]:
    """The claims of these rows in the order in which they were recorded, whatever the order of the rows.

    Each batch is read by key after the one before: what is recorded meanwhile comes at the end, and nothing twice.
    """
    last = 0
    ordered = rows.order_by("claim_id").values_list("claim_id", flat=True)
    while keys := list(ordered.filter(claim_id__gt=last)[:size]):
        yield _batch(keys)
        last = keys[-1]


def statement_languages(rows: QuerySet[ClaimState]) -> list[str]:
    """The languages in which any of the claims has a wording, in alphabetical order."""
    wordings = ClaimWording.objects.current().filter(claim__in=rows.order_by().values("claim"))
    return sorted(wordings.order_by().values_list("language", flat=True).distinct())


def _batch(keys: Collection[int]) -> list[TableClaim]:
    claims = list(Claim.objects.filter(pk__in=keys).order_by("pk").values(*OF_CLAIM))
    attributions = {claim["attribution"] for claim in claims}
    wordings = ClaimWording.objects.current().filter(claim__in=keys).order_by("language")
    options = ClaimOption.objects.current().filter(claim__in=keys).order_by("pk")
    relays = Relay.objects.current().filter(attribution__in=attributions).order_by("position")
    passages = Passage.objects.current().filter(attribution__in=attributions).order_by("pk")
    worded = _by_first(wordings.values_list("claim", "language", "text"))
    named = _by_first(options.values_list("claim", "option", "option__label"))
    relayed = _by_first(relays.values_list("attribution", "agent__name"))
    found = _by_first(passages.values_list("attribution", "exact", "prefix", "suffix", "start", "snapshot__sha256"))
    steps = _Steps.of({claim["question"] for claim in claims if claim["question__kind"] == AnswerKind.CHOICE})
    return [
        TableClaim(
            fields=claim,
            wordings=worded.get(claim["pk"], ()),
            relays=[name for (name,) in relayed.get(claim["attribution"], ())],
            passage=next((TablePassage(*passage) for passage in found.get(claim["attribution"], ())), None),
            paths=steps.paths(named.get(claim["pk"], ())),
        )
        for claim in claims
    ]


def _by_first(rows: Iterable[tuple[Any, ...]]) -> dict[Any, list[Any]]:
    """The rows without their first value, by that."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for first, *rest in rows:
        found[first].append(tuple(rest))
    return found


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps from options to broader ones in some questions, and the labels of the broader ones."""

    above: Mapping[Key, Sequence[Key]]
    labels: Mapping[Key, str]

    @classmethod
    def of(cls, questions: Collection[int]) -> "_Steps":
        above: dict[Key, list[Key]] = defaultdict(list)
        labels: dict[Key, str] = {}
        steps = OptionBroader.objects.current().filter(option__question__in=questions)
        # Sorted here: databases do not agree on the order of texts, and exports of both are to be equal.
        for label, broader, option in sorted(steps.values_list("broader__label", "broader", "option")):
            above[option].append(broader)
            labels[broader] = label
        return cls(above, labels)

    def paths(self, options: Iterable[tuple[Key, str]]) -> list[Path]:
        """The ways to these options (key, label), by labels."""
        named = dict(options)
        ways = (way for option in named for way in paths_to(option, self.above))
        return [tuple(named.get(key) or self.labels[key] for key in way) for way in ways]
