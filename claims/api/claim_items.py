"""One claim: by its identifier, or by the external identifier that a program gave it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from claims.api.fields import identifier
from claims.api.items import Item, in_the_body, read_body, recorded
from claims.api.problems import Fault, Kind, Problem
from claims.api.resources import CLAIM
from claims.api.writing import Acting, Values
from claims.models import ClaimWording
from claims.models.fields import refuse_unstorable

KEY = OpenApiParameter(
    "uid",
    {"type": "string", "minLength": 1, "maxLength": 500, "pattern": "^[^/]+$"},
    OpenApiParameter.PATH,
    description="The identifier of the claim, or its external identifier where that has no slash.",
)


class ClaimItem(Item):
    """A claim."""

    resource = CLAIM
    key = KEY

    def sought(self, uid: str) -> Any:
        """The claim of this identifier, or of this external identifier; None for one that no claim can have."""
        try:
            refuse_unstorable(uid)
        except ValidationError:
            return None
        known = identifier(uid)
        found = self.resource.rows().filter(uid=known).first() if known else None
        return found or self.resource.rows().exclude(external_id="").filter(external_id=uid).first()

    def replacing(self, record: Any, uid: str, values: Values) -> Values:
        """Wordings that are left out are withdrawn; the external identifier of the address stays."""
        languages = ClaimWording.objects.current().filter(claim=record).values_list("language", flat=True)
        wordings = {**dict.fromkeys(languages, ""), **values["wordings"]}
        return {**_named(uid, values, known=record), "wordings": wordings}

    def created(self, request: Any, uid: str, seen: int | None) -> HttpResponse:  # type: ignore[override]
        """Record it under the identifier of the address."""
        known = identifier(uid)
        if known or seen is not None:
            return super().created(request, known, seen)  # type: ignore[arg-type]
        writer = self.writer
        values, reason = read_body(request, self.resource.serializer)
        if writer.create is None:
            raise AssertionError
        with in_the_body(writer.places):
            record = writer.create(_named(uid, values), Acting(self.acting(request), reason), None)
        return recorded(request, self.resource, record)


def _named(uid: str, values: Values, *, known: Any = None) -> Values:
    """The values with the external identifier of the address. Raises `Problem` (422) where the body says another."""
    if known is not None and str(known.uid) == uid.lower():
        return values
    stated = values.get("external_id") or uid
    if stated != uid:
        sentence = _("The address says another external identifier. Leave this out, or write the same.")
        raise Problem(Kind.REFUSED, sentence, faults=[Fault(sentence, pointer="/external_id")])
    return {**values, "external_id": uid}
