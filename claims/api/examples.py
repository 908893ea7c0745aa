"""Examples of bodies for the document, one for every operation that takes one; of a desk that reads on al-Waer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiExample

SOURCE, SPEAKER, OUTLET, QUESTION, ATTRIBUTION, SNAPSHOT, CLAIM, SIDE, TOPIC = (
    f"{number:08x}-0000-4000-8000-000000000000" for number in range(1, 10)
)
REASON = {"reason": "Read in the report of 20 September"}

NEW: Mapping[str, Mapping[str, Any]] = {
    "topic": {"name": "al-Waer", "translations": {"ar": "الوعر"}},
    "side": {"name": "opposition", "translations": {"ar": "المعارضة"}, "party": True},
    "agent": {
        "kind": "person",
        "name": "A negotiator",
        "names": [{"language": "ar", "text": "مفاوض"}, {"language": "ar", "text": "المفاوض", "alias": True}],
        "side": SIDE,
    },
    "source": {
        "title": "A report on al-Waer",
        "url": "https://news.example/al-waer",
        "publisher": OUTLET,
        "published_on": "2016-09-20",
        "language": "ar",
    },
    "question": {"topic": TOPIC, "text": "How many left?", "kind": "quantity", "unit": "people", "over_time": "grows"},
    "option": {"question": QUESTION, "label": "Preliminary truce", "under": "Truce"},
    "attribution": {
        "source": SOURCE,
        "speaker": SPEAKER,
        "cue": "denied",
        "said_on": "2016-09-19",
        "relays": [{"agent": OUTLET, "cue": "reported"}],
        "passages": [{"snapshot": SNAPSHOT, "exact": "three hundred people left"}],
        "claims": [
            {"question": QUESTION, "answer": "~300", "wordings": {"en": "About 300 left."}, "external_id": "desk-17"}
        ],
    },
    "claim": {"attribution": ATTRIBUTION, "question": QUESTION, "stance": "affirms", "answer": "200..300"},
    "passage": {"attribution": ATTRIBUTION, "snapshot": SNAPSHOT, "exact": "three hundred people left"},
    "snapshot": {
        "source": SOURCE,
        "text": "He said that three hundred people left.",
        "captured_on": "2016-09-21",
    },
}
CHANGED: Mapping[str, Mapping[str, Any]] = {
    "topic": {"note": "Of the district, not of the road."},
    "side": {"party": False},
    "agent": {"role": "member of the delegation"},
    "source": {"reliability": "C"},
    "question": {"rounding": 10},
    "option": {"under": "Agreement"},
    "attribution": {"manner": "quoted", "relays": []},
    "claim": {"certainty": "probable", "wordings": {"en": "Probably 200 to 300 left."}},
    "passage": {"exact": "three hundred people"},
    **{name: {"withdrawn": True} for name in ("finding", "retraction", "correction", "link")},
}
ACTS: Mapping[str, Mapping[str, Any]] = {
    "review_claim": {"review": "checked"},
    "retract_claim": {"dated_on": "2016-10-01", "note": "In a broadcast."},
    "correct_claim": {"dated_on": "2016-09-22", "source": SOURCE, "exact": "An earlier version said 900."},
    "link_claim": {"kind": "revises", "other": CLAIM},
    "settle_question": {"answer": "300", "grounds": "The register of the crossing has 300 names."},
}


def body_of(operation: str) -> Mapping[str, Any] | None:
    """The example of what an operation takes; None for one that takes nothing."""
    if operation in ACTS:
        return {**ACTS[operation], **REASON}
    done, _underscore, kind = operation.partition("_")
    found = {"record": NEW, "put": NEW, "change": CHANGED}.get(done, {}).get(kind)
    if found is None:
        return None
    # What belongs to an attribution is recorded with it, and then changed at its own address.
    left = {"passages", "claims"} if operation == "put_attribution" else set()
    return {**{name: value for name, value in found.items() if name not in left}, **REASON}


def examples_of(operation: str) -> list[Any]:
    """The same as the document has it."""
    body = body_of(operation)
    return [] if body is None else [OpenApiExample("For example", value=dict(body), request_only=True)]
