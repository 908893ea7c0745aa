"""What a body says of a record and cannot change: let pass as it is on record, refused where it is said otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from claims.api.answers import rendered
from claims.api.bodies import read_json
from claims.api.fields import Name
from claims.api.problems import Fault, Kind, Places, Problem
from claims.wording import isolated, shortened

MOST_SHOWN = 80
# Where else that is changed, by kind of record and field.
AT_THE_ATTRIBUTION = gettext_lazy("It is changed at the attribution.")
ELSEWHERE: Mapping[tuple[str, str], Any] = {
    ("claim", "review"): gettext_lazy("A review is sent to “review/” beneath this address."),
    **{("claim", name): AT_THE_ATTRIBUTION for name in ("speaker", "source", "said_on")},
    ("claim", "published_on"): gettext_lazy("It is changed at the source."),
}
# What follows from the change itself, or from other records; by that nothing is said of this one.
FOLLOWING = frozenset({"version", "review_stale", "understood", "derived", "options", "broader"})


def refuse_unchangeable(body: Any, context: Mapping[str, Any]) -> None:
    """Raise `Problem` (422) for what the body says otherwise than the record has it, and is not changed there.

    A change of what is named is held to each of its names. A record that is sent back as a whole is let pass what
    follows from others: that may have changed since it was read.
    """
    read_only = [name for name, field in body.fields.items() if field.read_only and name in body.initial_data]
    names = [name for name in read_only if body.partial or not _follows(name, body.fields[name])]
    if not names:
        return
    shown = type(body)(body.instance, context=dict(context)).data
    known = read_json(rendered({name: shown[name] for name in names}))
    faults = list(_faults(body, {name: known[name] for name in names if known[name] != body.initial_data[name]}))
    if faults:
        many = _("This cannot be recorded so. Each error says why.")
        raise Problem(Kind.REFUSED, faults[0].detail if len(faults) == 1 else many, faults=faults)


def _follows(name: str, field: Any) -> bool:
    return name in FOLLOWING or isinstance(field, Name | serializers.SerializerMethodField)


def _faults(body: Any, differing: Mapping[str, Any]) -> Iterator[Fault]:
    for name, value in differing.items():
        sentence = _("This is not changed here. Leave it out, or send it as it is on record: %(value)s.")
        written = rendered(value).decode()
        said = sentence % {"value": isolated(shortened(written, MOST_SHOWN))}
        elsewhere = ELSEWHERE.get((getattr(body, "address", ""), name))
        yield Fault(f"{said} {elsewhere}" if elsewhere else said, pointer=Places().pointer(None, name))
