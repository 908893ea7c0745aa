"""Mutations of which claims stand (rule 2), where they come from (rule 4), and of states (rule 5)."""

from tests.domain.mutations import mutations_of

STANDING = mutations_of(
    "claims/domain/standing.py",
    ("2 discarded claims do not stand", "return Standing.DISCARDED", "return Standing.STANDING"),
    ("2 retracted claims do not stand", "return Standing.RETRACTED", "return Standing.STANDING"),
    ("2 corrected claims do not stand", "return Standing.CORRECTED", "return Standing.STANDING"),
    ("2 a link revises", "link.kind is LinkKind.REVISES and", "False and"),
    ("2 a link of a claim in force", " and of.get(link.claim) is Standing.STANDING:", ":"),
    (
        "2 a reviser is in force",
        "        if of[claim.key] is Standing.STANDING:\n            by_speaker",
        "        if True:\n            by_speaker",
    ),
    (
        "2 what was taken back is not revised",
        "        if of.get(key) is Standing.STANDING:\n            of[key] =",
        "        if key in of:\n            of[key] =",
    ),
    (
        "2 the same agent after same_as",
        "by_speaker[canonical(case.agents, claim.speaker)]",
        "by_speaker[claim.speaker]",
    ),
    (
        "2 speaking for someone does not count",
        "by_speaker[canonical(case.agents, claim.speaker)]",
        "by_speaker[case.agents[claim.speaker].speaks_for or canonical(case.agents, claim.speaker)]",
    ),
    ("2 the speaker is named", "agent is not None and agent.named", "agent is not None"),
    ("2 no relay of another party", " and not has_relay_of_another_party(case, c)]", "]"),
    ("2 not before the other has ended", "said_from(earlier.said.end if", "said_from(earlier.said.begin if"),
    ("2 the reviser is definite", "revising &= definite & said_from", "revising &= said_from"),
    ("2 it excludes the earlier", "excluded[number] | other_text[number] if", "other_text[number] if"),
    ("2 it affirms another text", "excluded[number] | other_text[number] if", "excluded[number] if"),
    ("2 it follows any doubt or possible", "if earlier.definite else definite", "if earlier.definite else 0"),
    ("2 what is checked is revised by what is checked", "            revising &= checked\n", "            pass\n"),
    ("2 a checked claim revises", "            revising &= checked\n", "            revising = 0\n"),
    ("2 an editor lets both stand", "(LinkKind.BOTH_STAND, LinkKind.DISOWNS)", "(LinkKind.DISOWNS,)"),
    ("2 what is disowned stands", "(LinkKind.BOTH_STAND, LinkKind.DISOWNS)", "(LinkKind.BOTH_STAND,)"),
    ("2 both stand, whichever is named first", "            masks[link.other] |= bits.get(link.claim, 0)\n", ""),
    ("2 another text affirmed", " and claim.stance is Stance.AFFIRMS else None", " else None"),
)

IDENTITY = mutations_of(
    "claims/domain/identity.py",
    (
        "2 same as, over any number of steps",
        "and agent.same_as is not None:",
        "and agent.same_as is not None and not passed[1:]:",
    ),
    (
        "4 speaks for, over any number of steps",
        "and agent.speaks_for is not None:",
        "and agent.speaks_for is not None and not passed[1:]:",
    ),
    (
        "4 speaks for who was judged the same",
        "following = canonical(agents, agent.speaks_for)",
        "following = agent.speaks_for",
    ),
)

ORIGINS = mutations_of(
    "claims/domain/origins.py",
    ("4 a copy has the origin of the original", "_far_end(case, _copied_from(known, claim))", "_far_end(case, claim)"),
    ("4 copied from another question", "{**case.elsewhere, **", "{**"),
    ("4 the relay nearest to the source", "in reversed(claim.relays):", "in claim.relays:"),
    ("4 a relay of a party", " and case.sides[side].party:", ":"),
    ("4 a relay of another party", " and side != own and", " and"),
    ("4 a relay of another party is the origin", "    if relay is not None:\n", "    if False:\n"),
    ("4 the document quoted is the origin", "    if claim.document is not None:\n", "    if False:\n"),
    (
        "4 who is spoken for is the origin",
        "claim.on_behalf_of if claim.on_behalf_of is not None else claim.speaker",
        "claim.speaker",
    ),
    ("4 who speaks for shares its origin", "end = represented(case.agents, key)", "end = canonical(case.agents, key)"),
    ("4 the side at the time", "claim.side if claim.side is not None else _side_of", "_side_of"),
    (
        "4 an organisation's own side first",
        "side = side if own is None else own",
        "side = own if side is None else side",
    ),
    (
        "4 a speaker's side at the time first",
        "    if speaker is None or end != canonical(case.agents, speaker):\n",
        "    if True:\n",
    ),
    ("4 named agents all differ", "named=agent is None or agent.named", "named=False"),
    ("4 unnamed ones may be the same", "named=agent is None or agent.named", "named=True"),
    ("4 not of different sides", "if common == frozenset() or any(", "if any("),
    (
        "4 not what an editor calls distinct",
        " or any(frozenset((key, other)) in distinct for other in group.keys):",
        ":",
    ),
    ("4 one side throughout", "before, group.sides = group.sides, common", "before = group.sides"),
    ("4 anyone of no stated side", "group.sides if sides is None else", "frozenset() if sides is None else"),
    (
        "4 no stated side may be anyone",
        "common = sides if group.sides is None",
        "common = frozenset() if group.sides is None",
    ),
    ("4 those judged are counted singly", "kind = origin.key if origin.key in judged else (", "kind = ("),
    ("4 the most are all", "+ fewest, len(sides))", "+ fewest, sum(origin.named for origin in sides) + len(unnamed))"),
)

COMPARISON = mutations_of(
    "claims/domain/comparison.py",
    ("4 distinct after same_as", "frozenset(canonical(case.agents, key) for key in pair)", "pair"),
    ("5 contested", "parts.contest.total > 0)", "parts.contest.total > 1)"),
    ("5 contested before questioned", "parts.contest.total > 0)", "parts.contest.total and not parts.challenges)"),
    ("5 questioned", "bool(parts.challenges))", "False)"),
    (
        "5 questioned before several origins",
        "bool(parts.challenges))",
        "bool(parts.challenges) and not any(behind.origins.fewest > 1 for behind in parts.supports))",
    ),
    ("5 unresolved", "for position in parts.grouped) > 1)", "for position in parts.grouped) > 2)"),
    ("5 unresolved: affirmed texts", "sum(position.affirmed for position in parts.grouped)", "len(parts.grouped)"),
    (
        "5 unresolved before several origins",
        "is_text and sum(",
        "is_text and not any(behind.origins.fewest > 1 for behind in parts.supports) and sum(",
    ),
    ("5 several origins: two", "any(behind.origins.fewest > 1 for", "any(behind.origins.fewest > 2 for"),
    ("5 several origins: the fewest", "any(behind.origins.fewest > 1 for", "any(behind.origins.most > 1 for"),
    ("5 single origin", "parts.origins_of(definite).fewest == 1)", "len(definite) == 1)"),
    ("5 single origin: the fewest", "parts.origins_of(definite).fewest == 1)", "parts.origins_of(definite).most == 1)"),
    ("5 compatible", "(State.COMPATIBLE, bool(definite))", "(State.COMPATIBLE, False)"),
    ("5 tentative", "(State.TENTATIVE, bool(parts.standing))", "(State.TENTATIVE, bool(parts.case.claims))"),
    ("5 origins of standing claims", "parts.origins_of(parts.standing)", "parts.origins_of(parts.case.claims)"),
    ("5 across sides only of several origins", "state is State.SEVERAL_ORIGINS and any(", "any("),
    ("5 sources count sources", "len({claim.source for claim in behind.claims})", "len(behind.claims)"),
    ("2 a retreat comes after", "other.said.end <= claim.said.begin", "other.said.begin <= claim.said.begin"),
    ("2 a retreat is the speaker's own", "by_speaker.get(canonical(case.agents, claim.speaker), ())", "definite"),
)

CONTESTS = mutations_of(
    "claims/domain/contests.py",
    ("5 irreducible sets", "        return _irreducible(case, positions)\n", "        return Contest()\n"),
    ("5 irreducible means nothing to spare", "    return sorted(kept)\n", "    return list(range(len(opens)))\n"),
    ("3 by pairs only over time", " and question.over_time is OverTime.FIXED\n", "\n"),
    ("5 a hundred are listed", "LISTED = 100", "LISTED = 99"),
    (
        "2 one speaker with two answers",
        "[canonical(case.agents, claim.speaker)].append(claim)",
        "[claim.speaker].append(claim)",
    ),
    ("5 an inferred contest says so", "any(not claim.inferred for claim in claims)", "True"),
)

DOUBTS = mutations_of(
    "claims/domain/doubts.py",
    (
        "5 a doubt of X, where only X is left",
        "zip(among, near, strict=False)",
        "zip([layout.groups.everything] * len(views), near, strict=False)",
    ),
    ("3 a doubt inside the window", "[mask & close for", "[mask for"),
    ("5 another agent's", "hit = [other for other in hit if canonical(self._case.agents, other.speaker) != own]", ""),
    ("5 another agent after same_as", "own = canonical(self._case.agents, claim.speaker)", "own = claim.speaker"),
    ("5 possible, affirming or denying", "if claim.stance is not Stance.DOUBTS]", "if claim.stance is Stance.AFFIRMS]"),
    (
        "5 a doubt questions",
        "if claim.stance is Stance.DOUBTS]",
        "if claim.stance is Stance.DOUBTS and claim.definite]",
    ),
)

SUPPORT = mutations_of(
    "claims/domain/support.py",
    ("5 narrower positions support wider ones", "        own[number] |= mask\n", "        pass\n"),
    (
        "5 denials support only their own",
        " for entry, bit in zip(entries, bits, strict=True) if entry.affirms]",
        " for entry, bit in zip(entries, bits, strict=True)]",
    ),
    ("5 only affirmed positions are supported", " if position.affirmed]", "]"),
    ("3 support inside the window", "supporting[entry.position] & close)", "supporting[entry.position])"),
    ("3 support at the moment spoken of", "(claim.as_of or claim.said) if windowed", "claim.said if windowed"),
    ("5 sides that are parties", " and case.sides[each.side].party}", "}"),
    ("5 different sides", "len(parties) > 1 and", "len(parties) > 0 and"),
    ("5 across sides with several origins", " and counts.fewest > 1", ""),
)

POSITIONS = mutations_of(
    "claims/domain/positions.py",
    ("5 positions by number of claims", "(-len(each.claims), answer_of", "(0, answer_of"),
    ("5 then by answer", "answer_of(question, each), each.worded_by.order)", "each.worded_by.order)"),
    ("3 exclusion at the moment spoken of", "claim.as_of or claim.said)\n", "claim.said)\n"),
    (
        "5 a position is affirmed by any claim",
        "return any(claim.stance is Stance.AFFIRMS",
        "return all(claim.stance is Stance.AFFIRMS",
    ),
)

KNOWN = mutations_of(
    "claims/domain/known.py",
    ("6 known when said", "_by(claim.said, date, unknown=False) or ", ""),
    ("6 known when published", " or _by(claim.published, date, unknown=False)", ""),
    ("6 known by then", "moment.end <= date.end", "moment.begin <= date.end"),
    ("6 known by the end of the date", "moment.end <= date.end", "moment.end <= date.begin"),
    ("6 what is undated is not known", "claim.published, date, unknown=False", "claim.published, date, unknown=True"),
    ("6 retracted by then", "claim.retracted and _by(claim.retracted_on, date, unknown=True)", "claim.retracted"),
    ("6 corrected by then", "claim.corrected and _by(claim.corrected_on, date, unknown=True)", "claim.corrected"),
    (
        "6 an undated retraction counts",
        "_by(claim.retracted_on, date, unknown=True)",
        "_by(claim.retracted_on, date, unknown=False)",
    ),
    (
        "6 an undated correction counts",
        "_by(claim.corrected_on, date, unknown=True)",
        "_by(claim.corrected_on, date, unknown=False)",
    ),
)

MUTATIONS = (
    *STANDING,
    *IDENTITY,
    *ORIGINS,
    *COMPARISON,
    *CONTESTS,
    *DOUBTS,
    *SUPPORT,
    *POSITIONS,
    *KNOWN,
)
