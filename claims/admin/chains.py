"""Who spoke and who passed it on, as one choice where two editors changed it: the speaker with the relays in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from claims.admin.merging import Choice, Posted, Side
from claims.domain.notation import write_path
from claims.models import Agent, Attribution, Relay

PREFIX = "relays"
COUNTS = (f"{PREFIX}-TOTAL_FORMS", f"{PREFIX}-INITIAL_FORMS")
_MOST = 100
_ROW = re.compile(rf"{PREFIX}-[0-9]+-")

Hop = tuple[str, str]
"""The key of an agent as it is posted, and the cue."""
Chain = tuple[str, list[Hop]]


def chain_choice(posted: QueryDict, attribution: Attribution, row: Any) -> Choice | None:
    """The choice between the chains; where they are the same it is not shown, and only brings the relays up to date.

    `row` is the version of the attribution that the form was opened on, if known. None where no chain was posted.
    """
    if "speaker" not in posted:
        return None
    current = list(Relay.objects.current().filter(attribution=attribution).order_by("position"))
    now: Chain = (str(attribution.speaker_id), hops(current))
    base = chain_of_version(row) if row is not None else None
    line, mine = posted.get("chain", "").strip(), typed_chain(posted)
    by_them, by_you = base != now, bool(line) or mine != base
    yours = {"speaker": [now[0] if line else mine[0]], "chain": [line]}
    yours |= rows(attribution, current, now[1] if line else mine[1])
    theirs = {"speaker": [now[0]], "chain": [""], **rows(attribution, current, now[1])}
    names = _names([now, mine, *([base] if base else [])])
    return Choice(
        name="speaker-and-relays",
        label=_("Chain"),
        base=Side({}, _words(base, names)) if base else None,
        theirs=Side(theirs, _words(now, names)),
        yours=Side(yours, line or _words(mine, names)),
        changed_by_them=by_them,
        changed_by_you=by_you,
        names=frozenset({"speaker", "chain", *COUNTS, *(name for name in posted if _ROW.match(name))}),
        shown=(by_them or by_you) and (bool(line) or mine != now),
    )


def hops(relays: Sequence[Any]) -> list[Hop]:
    """The relays, or versions of them, in order."""
    return [(str(relay.agent_id), relay.cue) for relay in sorted(relays, key=lambda relay: relay.position)]


def chain_of_version(row: Any) -> Chain:
    """The chain as it was in a version of the attribution."""
    relays = Relay.objects.filter(attribution=row.id).values("pk")
    versions = Relay.history.filter(history_date__lte=row.history_date).latest_of(relays)
    return str(row.speaker_id), hops([each for each in versions if not each.withdrawn])


def typed_chain(posted: QueryDict) -> Chain:
    """The chain as it was picked."""
    text = posted.get(COUNTS[0], "")
    total = min(int(text), _MOST) if text.isascii() and text.isdecimal() and len(text) < _MOST else 0
    found = []
    for place in (f"{PREFIX}-{number}" for number in range(total)):
        agent = posted.get(f"{place}-agent", "")
        if agent and not posted.get(f"{place}-withdrawn"):
            found.append((agent, posted.get(f"{place}-cue", "").strip()))
    return posted.get("speaker", ""), found


def rows(attribution: Attribution, current: Sequence[Relay], wanted: Sequence[Hop]) -> Posted:
    """The relays as a form on the present rows posts them: changed in place, added, or withdrawn at the end."""
    total = max(len(current), len(wanted))
    data: Posted = {COUNTS[0]: [str(total + 1)], COUNTS[1]: [str(len(current))]}
    for number in range(total + 1):
        there = current[number] if number < len(current) else None
        agent, cue = wanted[number] if number < len(wanted) else hops([there])[0] if there else ("", "")
        values = {"agent": agent, "cue": cue, "attribution": str(attribution.pk)}
        if there is not None:
            values |= {"id": str(there.pk), "record_version": str(there.version)}
            values |= {"withdrawn": "on"} if number >= len(wanted) else {}
        data |= {f"{PREFIX}-{number}-{name}": [value] for name, value in values.items()}
    return data


def _names(chains: Sequence[Chain]) -> dict[str, str]:
    keys = {
        key for speaker, relays in chains for key in (speaker, *(agent for agent, _cue in relays)) if key.isdecimal()
    }
    return {str(key): name for key, name in Agent.objects.filter(pk__in=keys).values_list("pk", "name")}


def _words(chain: Chain, names: dict[str, str]) -> str:
    speaker, relays = chain
    cued = [f"{names.get(agent, agent)} ({cue})" if cue else names.get(agent, agent) for agent, cue in relays]
    return write_path([names.get(speaker, speaker), *cued])
