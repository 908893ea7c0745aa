"""PROV documents written: PROV-JSON and PROV-N of whatever a scope covers."""

import json
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from prov.model import ProvDocument
from prov.serializers.provjson import encode_json_document

from claims.interchange.prov.builder import Builder
from claims.interchange.prov.records import tell_claims, tell_questions
from claims.interchange.scope import BATCH, Scope, TooMuch

MOST_CLAIMS = 10_000
"""The library holds a document whole in memory, about 35 kB a claim, and takes 2 ms for it."""


def document_of(scope: Scope) -> ProvDocument:
    """Everything that the scope covers as a PROV document, in a fixed number of queries a batch.

    Equal for equal records. Raises `TooMuch` for more than `MOST_CLAIMS` claims.
    """
    claims = scope.claims()
    number = claims[: MOST_CLAIMS + 1].count()
    if number > MOST_CLAIMS:
        sentence = _("More than %(most)d claims do not fit into one PROV document. Export topic by topic.")
        raise TooMuch(sentence % {"most": MOST_CLAIMS})
    builder = Builder(editors=scope.editors)
    for keys in scope.batches(claims):
        tell_claims(builder, keys)
    questions = list(scope.questions().select_related("topic", "outcome_of"))
    for start in range(0, len(questions), BATCH):
        tell_questions(builder, questions[start : start + BATCH])
    return builder.document


def write_prov_json(scope: Scope, output: BinaryIO) -> None:
    """Write PROV-JSON (W3C Member Submission of 24 April 2013), UTF-8. Raises `TooMuch`."""
    container = encode_json_document(document_of(scope))
    output.write(json.dumps(_in_order(container), ensure_ascii=False, indent=1).encode())
    output.write(b"\n")


def write_prov_n(scope: Scope, output: BinaryIO) -> None:
    """Write PROV-N (W3C Recommendation of 30 April 2013), UTF-8. Raises `TooMuch`."""
    output.write(document_of(scope).get_provn(strict=True).encode())
    output.write(b"\n")


def _in_order(value: Any) -> Any:
    """The same with the values of an attribute in an order of their own: the library keeps them in a set."""
    if isinstance(value, dict):
        return {name: _in_order(part) for name, part in value.items()}
    if isinstance(value, list):
        return sorted(map(_in_order, value), key=lambda part: json.dumps(part, sort_keys=True))
    return value
