"""The features of the rules that a generated case exercises, by name, so that a test can demand all of them."""

from collections.abc import Iterator

from tests.domain.reference.exclusion import speaks_of
from tests.domain.reference.origins import Registry, party_relays
from tests.domain.reference.records import Case, Choice, Date, Quantity
from tests.domain.reference.states import Expected


def features(case: Case, found: Expected) -> Iterator[str]:
    """What the case has, each as often as it has it; the values of the vocabulary come as `kind:value`."""
    yield f"state:{found.state}"
    yield f"kind:{'several' if case.question.several else case.question.kind}:{case.question.over_time}"
    yield from (f"standing:{each}" for each in found.standing.values())
    yield from (f"link:{link.kind}" for link in case.links)
    yield from of_answers(case)
    yield from of_attributions(case)
    yield from of_results(case, found)


def of_answers(case: Case) -> Iterator[str]:
    """What the answers are like."""
    question = case.question
    for claim in case.claims:
        yield f"{claim.stance}:{claim.certainty}"
        traits: dict[str, bool] = {}
        match claim.answer:
            case Choice(options, only):
                traits = {"alternatives": len(options) > 1, "only": only and question.several}
            case Quantity(low, high, about):
                traits = {
                    "open end": low is None or high is None,
                    "about": about,
                    "rounded": question.rounding > 0 and not about,
                }
            case Date(days, about):
                traits = {"about a date": about and bool(question.tolerance), "scattered date": len(days) > 1}
        yield from (name for name, present in traits.items() if present)
    if any(len(above) > 1 for above in question.broader.values()):
        yield "two broader options"


def of_attributions(case: Case) -> Iterator[str]:
    """Who speaks, through whom, and when."""
    registry = Registry(case)
    for claim in case.claims:
        agent = case.agents[claim.speaker]
        traits = {
            "unnamed speaker": not agent.named,
            "same as": agent.same_as is not None,
            "speaks for": agent.speaks_for is not None,
            "on behalf of": claim.on_behalf_of is not None,
            "document": claim.document is not None,
            "copied here": claim.copied_from in {other.key for other in case.claims},
            "copied from elsewhere": claim.copied_from in case.elsewhere,
            "relay of another party": bool(party_relays(registry, claim)),
            "relay of no other party": bool(claim.relays) and not party_relays(registry, claim),
            "side at the time": claim.side is not None,
            "moment unknown": speaks_of(claim) is None,
            "as of": claim.as_of is not None,
        }
        yield from (name for name, present in traits.items() if present)
    if case.distinct:
        yield "judged distinct"


def of_results(case: Case, found: Expected) -> Iterator[str]:
    """What the rules find."""
    results = {
        "across sides": found.across_sides,
        "irreducible": found.irreducible,
        "irreducible set of three": found.irreducible and len(found.positions) > 2,
        "contest on inferred claims": found.inferred_only,
        "speaker with two answers": bool(found.torn),
        "retreat": bool(found.retreats),
        "origins vary": found.origins[0] < found.origins[1],
        "support from a narrower position": any(
            support.claims > place for place, supports in found.support.items() for support in supports
        ),
        "doubt in question": any(
            claim.stance == "doubts" and (claim.key, other) in found.questions
            for claim in case.claims
            for other in found.standing
        ),
        "possible in question": any(
            claim.stance != "doubts" and (claim.key, other) in found.questions
            for claim in case.claims
            for other in found.standing
        ),
    }
    yield from (name for name, present in results.items() if present)
    revised = [key for key, by in found.revisers.items() if by and found.standing[key] == "revised"]
    linked = {link.other for link in case.links if link.kind == "revises"}
    yield from ("revised without a link" for key in revised if key not in linked)
