"""The grammar of PROV-N as the Recommendation gives it, as one pattern a production: a reader that shares no code.

Only what a document of ours may hold: no bundles, no extensions. Numbers are those of the productions of PROV-N
(W3C Recommendation of 30 April 2013).
"""

import re

# [53]-[57] qualified names; PN_CHARS of SPARQL, with the characters that PROV-N adds.
_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF"
    r"\u200C\u200D\u3001-\uD7FF\U00010000-\U000EFFFF"
)
_OTHERS = r"(?:[/@~&+*?#$!]|%[0-9A-Fa-f]{2}|\\[=',:;\[\]\-().])"
_PREFIX = rf"[{_BASE}](?:[{_BASE}_0-9\-\u00B7.]*[{_BASE}_0-9\-\u00B7])?"
_LOCAL = rf"(?:[{_BASE}_0-9]|{_OTHERS})(?:(?:[{_BASE}_0-9\-\u00B7.]|{_OTHERS})*(?:[{_BASE}_0-9\-\u00B7]|{_OTHERS}))?"
NAME = rf"(?:{_PREFIX}:(?:{_LOCAL})?|{_LOCAL})"
# [58], [59] IRIs in declarations; [60] times; [61]-[66] literals.
IRI = r"<[^\x00-\x20<>\"{}|^`\\]*>"
TIME = r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+\-][0-9]{2}:[0-9]{2})?"
_SHORT = r'"(?:[^"\\\n\r]|\\[tbnrf\\"\'])*"'
_LONG = r'"""(?:"{0,2}(?:[^"\\]|\\[tbnrf\\"\']))*"""'
LITERAL = rf"(?:(?:{_LONG}|{_SHORT})(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*| %% {NAME})?|-?[0-9]+|'{NAME}')"
ATTRIBUTES = rf"\[(?:{NAME}={LITERAL}(?:, {NAME}={LITERAL})*)?\]"
ID, OR_MARKER, TIME_OR_MARKER = NAME, rf"(?:{NAME}|-)", rf"(?:{TIME}|-)"

# The arguments of each expression, in order; all may end in attributes but those that the grammar gives none.
EXPRESSIONS = {
    "entity": [ID],  # [5]
    "activity": [ID, TIME_OR_MARKER, TIME_OR_MARKER],  # [6]
    "wasGeneratedBy": [ID, OR_MARKER, TIME_OR_MARKER],  # [7]
    "used": [ID, OR_MARKER, TIME_OR_MARKER],  # [8]
    "wasInvalidatedBy": [ID, OR_MARKER, TIME_OR_MARKER],  # [13]
    "wasDerivedFrom": [ID, ID, OR_MARKER, OR_MARKER, OR_MARKER],  # [14]
    "agent": [ID],  # [19]
    "wasAttributedTo": [ID, ID],  # [20]
    "wasAssociatedWith": [ID, OR_MARKER, OR_MARKER],  # [21]
    "actedOnBehalfOf": [ID, ID, OR_MARKER],  # [22]
    "wasInfluencedBy": [ID, ID],  # [23]
}
BARE = {
    "specializationOf": [ID, ID],  # [27]
    "alternateOf": [ID, ID],  # [26]
    "hadMember": [ID, ID],  # [28]
}


def _expression(name: str, arguments: list[str], attributes: str) -> str:
    return rf"{name}\({', '.join(arguments)}{attributes}\)"


STATEMENT = re.compile(
    "|".join(
        [_expression(name, arguments, rf"(?:, {ATTRIBUTES})?") for name, arguments in EXPRESSIONS.items()]
        + [_expression(name, arguments, "") for name, arguments in BARE.items()]
    )
)
DECLARATION = re.compile(rf"(?:prefix {_PREFIX}|default) {IRI}")
SPACE = re.compile(r"\s*")


def check(text: str) -> dict[str, int]:
    """Read the document; returns how many statements of each kind there are. Raises `ValueError` with the place."""
    counts: dict[str, int] = {}
    place = _skip(text, 0)
    if not text.startswith("document", place):
        raise ValueError("does not begin with “document”")
    place = _skip(text, place + len("document"))
    while declared := DECLARATION.match(text, place):
        place = _skip(text, declared.end())
    while not text.startswith("endDocument", place):
        found = STATEMENT.match(text, place)
        if found is None:
            raise ValueError(f"no statement of PROV-N: {text[place : place + 200]!r}")
        name = re.match(r"\w+", found[0])
        assert name
        counts[name[0]] = counts.get(name[0], 0) + 1
        place = _skip(text, found.end())
    if _skip(text, place + len("endDocument")) != len(text):
        raise ValueError("something follows the document")
    return counts


def _skip(text: str, place: int) -> int:
    found = SPACE.match(text, place)
    return found.end() if found else place
