"""Mutations of what claims leave open (rule 1), of answers over time (rule 3), and of reading them."""

from tests.domain.mutations import mutations_of

LEFT_OPEN = mutations_of(
    "claims/domain/leaves_open.py",
    (
        "1 affirming an option leaves every option under it",
        "            under = downwards(question.broader, options)\n",
        "            under = frozenset(options)\n",
    ),
    ("1 under, over any number of steps", "while fresh := {", "if fresh := {"),
    (
        "1 broader, over any number of steps",
        "waiting.extend(broader.get(option, ()))",
        "found.update(broader.get(option, ()))",
    ),
    ("1 something else is always possible", "- under, True)", "- under, False)"),
    ("1 affirming leaves no something else", "Options(under, False)", "Options(under, True)"),
    ("1 something else is an answer in common", "or all(o.something_else for o in options)", ""),
    ("1 something else is among the answers", "and inner.something_else <= outer.something_else", ""),
    ("1 denying yes leaves no", "yes != denies", "yes"),
    (
        "1 denying a quantity leaves the complement",
        "spans.complement(BELOW_ALL, ABOVE_ALL) if denies else spans",
        "spans",
    ),
    ("1 a quantity is closed", "int(quantity.about or question.rounding == 0)", "int(quantity.about)"),
    ("1 rounding leaves the upper end out", "int(quantity.about or question.rounding == 0)", "1"),
    ("1 about includes both ends", "int(quantity.about or question.rounding == 0)", "int(question.rounding == 0)"),
    ("1 half the rounding", "EXACT.divide(question.rounding, Decimal(2))", "question.rounding"),
    ("1 each stated end is rounded", "(EXACT.subtract(low, _slack(question, low, quantity.about)), 0)", "(low, 0)"),
    ("1 an open end stays open", "ABOVE_ALL if high is None else", "(low, 1) if high is None else"),
    ("1 about widens", "    if not about:\n", "    if True:\n"),
    ("1 a tenth by default", "Decimal(10)) if", "Decimal(20)) if"),
    ("1 a tenth of the end's size", "EXACT.divide(abs(end)", "EXACT.divide(end"),
    ("1 a tolerance of nothing is one", "if question.tolerance is None", "if not question.tolerance"),
    (
        "1 denying a date leaves all other days",
        "spans.complement(FIRST_DAY, AFTER_LAST_DAY) if denies else spans",
        "spans",
    ),
    ("1 the last day is in the date", "(last + 1 + slack, 0)", "(last + slack, 0)"),
    ("1 about widens dates", "Decimal(int(question.tolerance or 0)) if answer.about else Decimal(0)", "Decimal(0)"),
    ("1 only about widens dates", "if answer.about else Decimal(0)", "if True else Decimal(0)"),
    ("1 dates widen by nothing by default", "int(question.tolerance or 0)", "int(question.tolerance or 1)"),
    (
        "1 several: denying falls on what is under",
        "    if denies and not choice.only:\n        return Several(nothing, nothing, under)",
        "    if denies and not choice.only:\n        return Several(nothing, nothing, named)",
    ),
    ("1 several: only denies the rest", "    if choice.only:\n", "    if False:\n"),
    ("1 several: the broader are no rest", " - under - upwards(broader, named))", " - under)"),
    (
        "1 several: those under are no rest",
        " - under - upwards(broader, named))",
        " - named - upwards(broader, named))",
    ),
    ("1 several: denying only", "rest, negated=denies)", "rest)"),
    ("1 several: at least one holds", "all(demand - fallen for", "all(not demand & fallen for"),
    ("1 several: not only, step by step", "    while gone := [", "    if gone := ["),
    ("1 several: denials fall", "            fallen |= claim.none_of\n", "            pass\n"),
    ("1 several: same answers, one position", "if not (upwards(broader, [o]) - {o}) & named)", ")"),
    ("1 texts are affirmed or denied", "affirmed=not denies", "affirmed=True"),
    (
        "1 texts that differ do not exclude each other",
        "return not {w.text for w in wordings if w.affirmed} & {w.text for w in wordings if not w.affirmed}",
        "return len(set(wordings)) == 1",
    ),
)

SPANS = mutations_of(
    "claims/domain/spans.py",
    ("1 touching stretches are one", "low <= joined[-1][1]", "low < joined[-1][1]"),
    ("1 all lies within", "return all(any(c <= a", "return any(any(c <= a"),
)

DEFINITE = mutations_of(
    "claims/domain/values.py",
    ("1 a doubt leaves everything open", "self.stance is not Stance.DOUBTS and", ""),
    ("1 a possible leaves everything open", " and self.certainty is not Certainty.POSSIBLE", ""),
    ("1 a probable is definite", "is not Certainty.POSSIBLE", "is Certainty.PLAIN"),
)

OVER_TIME = mutations_of(
    "claims/domain/exclusion.py",
    ("3 grows: a later claim may be above", "question.over_time is OverTime.GROWS and", "False and"),
    ("3 grows: every value below every value", "(after & below(each.low))", "(after & below(each.high))"),
    ("3 grows: the earlier by the later", " | (before & above(each.high))", ""),
    ("3 grows: rule 1 where neither is later", " | (unordered & ~after & ~before)", ""),
    ("3 grows: rule 1 only where neither is later", "(unordered & ~after & ~before)", "unordered"),
    ("3 later does not begin before the end", "later(item.moment.end)", "later(item.moment.begin)"),
    ("3 changes: apart by the window", "[mask & close for mask, close in zip(apart, near, strict=True)]", "apart"),
    ("3 changes: at least the window", "(item.moment.end + window)", "(item.moment.end + window + 1)"),
    ("3 changes: from the end to the beginning", "(item.moment.end + window)", "(item.moment.begin + window)"),
    ("3 changes: in both directions", "(item.moment.begin - window)", "(item.moment.begin - window * 99)"),
    ("3 changes: unknown moments are near", "        else everything\n", "        else 0\n"),
    ("3 the window is in hours", "SECONDS_AN_HOUR = 3600", "SECONDS_AN_HOUR = 60"),
    ("3 as of goes before said", "claim.as_of or claim.said)", "claim.said or claim.as_of)"),
    ("3 said where there is no as of", "claim.as_of or claim.said)", "claim.as_of)"),
    ("1 in a gap of a denial", "inside |= above(low) & below(high)", "inside |= 0"),
    ("1 two denials may exclude each other", "        if not sets[first] & sets[second]:\n", "        if False:\n"),
    (
        "5 a piece within a stretch",
        "            mask |= above(low) & below(high)\n",
        "            mask |= above(low)\n",
    ),
)

TEXTS = mutations_of(
    "claims/text/normalising.py",
    ("1 texts: NFKC", 'unicodedata.normalize("NFKC", _SILENT.sub("", text))', '_SILENT.sub("", text)'),
    ("1 texts: case-folded", "text.casefold()", "text"),
    ("1 texts: case-folded, not only lowered", "text.casefold()", "text.lower()"),
    ("1 texts: white space collapsed", '" ".join(text.split())', "text.strip()"),
    ("1 texts: final punctuation dropped", '.rstrip(_FINAL_PUNCTUATION + " ")', ""),
)

CHARACTERS = mutations_of(
    "claims/text/characters.py",
    ("1 texts: without vowel signs", "SILENT = VOWEL_SIGNS + TATWEEL", "SILENT = TATWEEL"),
    ("1 texts: without tatweel", "SILENT = VOWEL_SIGNS + TATWEEL + INVISIBLE", "SILENT = VOWEL_SIGNS + INVISIBLE"),
    ("1 texts: without zero-width characters", "+ TATWEEL + INVISIBLE", "+ TATWEEL"),
)

NOTATION = mutations_of(
    "claims/domain/notation.py",
    ("notation: only", "only = stripped.startswith(ONLY)", "only = False"),
    ("notation: escapes", "if character == separator and not escaped:", "if character == separator:"),
    ("notation: an escaped escape", "escaped = character == ESCAPE and not escaped", "escaped = character == ESCAPE"),
)

NUMBERS = mutations_of(
    "claims/domain/numbers.py",
    ("notation: at least", 'return (number, None) if sign in ">≥"', 'return (number, None) if sign in "<≤"'),
    ("notation: about", "Quantity(low, high, about=about is not None)", "Quantity(low, high)"),
    ("notation: نعم", '"نعم": True', '"نعم": False'),
)

FOLDING = mutations_of(
    "claims/domain/folding.py",
    ("notation: digits of two scripts", "(0x0660, 0x06F0)", "(0x0660,)"),
)

DATES = mutations_of(
    "claims/domain/dates.py",
    ("notation: every qualifier is about", '_QUALIFIERS = frozenset("?~%")', '_QUALIFIERS = frozenset("~")'),
)

EDTF = mutations_of(
    "claims/domain/edtf.py",
    ("notation: a date may be open at its end", "        return begin, LAST_DAY\n", "        return begin, begin\n"),
    ("notation: one of several dates", 'text[1:-1].split(",")', 'text[1:-1].split(",")[:1]'),
)

MUTATIONS = (
    *LEFT_OPEN,
    *SPANS,
    *DEFINITE,
    *OVER_TIME,
    *TEXTS,
    *CHARACTERS,
    *NOTATION,
    *NUMBERS,
    *FOLDING,
    *DATES,
    *EDTF,
)
