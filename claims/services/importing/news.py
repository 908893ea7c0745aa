"""What a row says of a claim that is on record, without what the claims table says of it already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from claims.queries.claim_table import TableClaim
from claims.services.importing.drafts import Draft, agent_uid

# Columns that name one thing between them: where one of them says something else, all of them are looked at.
_TOGETHER = (
    ("topic", "question", "answer_kind", "unit", "several", "over_time", "window_hours", "tolerance", "rounding"),
    ("speaker", "speaker_id", "speaker_kind"),
    ("source", "source_url", "publisher", "published_on", "language"),
    ("quote", "prefix", "suffix", "start", "text_sha256"),
    *(("answer",), ("as_of",), ("side",), ("speaks_for",), ("via",), ("speaker_role",), ("cue",), ("said_on",)),
)
_OF_QUESTION = ("unit", "several", "over_time", "window_hours", "tolerance", "rounding")
_OF_ATTRIBUTION = {"speaker_role": "role", "cue": "cue", "said_on": "said_on"}
_OF_SOURCE = {"source": "title", "source_url": "url", "published_on": "published_on", "language": "language"}
_UNSTATED: Mapping[str, Any] = {name: field.default for name, field in Draft.__dataclass_fields__.items()}


def news_of(draft: Draft, recorded: TableClaim) -> Draft:
    """The draft without the columns that say what an export of the claim says.

    Names are compared, not looked up: two agents may have one name, and options may have come to lie deeper since.
    """
    known = _cells(recorded)
    told = [columns for columns in _TOGETHER if all(_says_no_more(draft, name, known[name]) for name in columns)]
    return replace(draft, **{name: _UNSTATED[name] for columns in told for name in columns})


def _says_no_more(draft: Draft, name: str, known: Any) -> bool:
    stated = getattr(draft, name)
    if stated in (None, "", ()):
        return True
    if name == "speaker_id":
        return bool(agent_uid(stated) == known)
    return bool(_bare(stated) == _bare(known))


def _bare(value: Any) -> Any:
    """A name is read without the white space around it."""
    if isinstance(value, tuple):
        return tuple(map(_bare, value))
    return value.strip() if isinstance(value, str) else value


def _cells(recorded: TableClaim) -> dict[str, Any]:
    """What an export says of the claim, by column, as a draft holds it."""
    fields, passage = recorded.fields, recorded.passage
    place = "attribution__"
    return {
        "topic": fields["question__topic__name"],
        "question": fields["question__text"],
        "answer_kind": fields["question__kind"],
        **{name: fields[f"question__{name}"] for name in _OF_QUESTION},
        "answer": recorded.answer,
        "as_of": fields["as_of"],
        "speaker": fields[f"{place}speaker__name"],
        "speaker_id": fields[f"{place}speaker__uid"],
        "speaker_kind": fields[f"{place}speaker__kind"],
        "side": fields[f"{place}side__name"] or fields[f"{place}speaker__side__name"],
        "speaks_for": fields[f"{place}on_behalf_of__name"] or fields[f"{place}speaker__speaks_for__name"],
        "via": tuple(recorded.relays),
        **{column: fields[place + name] for column, name in _OF_ATTRIBUTION.items()},
        **{column: fields[f"{place}source__{name}"] for column, name in _OF_SOURCE.items()},
        "publisher": fields[f"{place}source__publisher__name"],
        "quote": passage.exact if passage else None,
        "prefix": passage.prefix if passage else None,
        "suffix": passage.suffix if passage else None,
        "start": passage.start if passage else None,
        "text_sha256": passage.sha256 if passage else None,
    }
