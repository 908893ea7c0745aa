"""A table file previewed: what would become of it, carried signed to the page and back, and then the import itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django import forms
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.fields import ReasonField
from claims.admin.forms import ActForm
from claims.interchange.importing import IMPORTED, TableFile
from claims.interchange.tables.map_files import read_map
from claims.interchange.tables.rows import TableRefused
from claims.models import User
from claims.services.importing import Entry, Fault, Orders, Report, run

MOST_BYTES = 1024 * 1024
MOST_ROWS = 5_000
MOST_SHOWN = 100
SALT = "claims.admin.imports"
A_DAY = 24 * 60 * 60
FORMAT_LABELS = {
    "csv": "CSV",
    "jsonl": "JSON Lines",
    "xlsx": gettext_lazy("Excel (XLSX)"),
    "claimreview": "ClaimReview",
}


class UploadForm(ActForm):
    """A table file, somebody else's with its map, or reviews, and why it is imported."""

    file = forms.FileField(
        label=gettext_lazy("Table of claims, or reviews"),
        help_text=gettext_lazy(
            "CSV, JSON Lines or XLSX, or the ClaimReviews of a fact-checker (JSON-LD), of at most a megabyte."
        ),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        required=False,
        choices=[("", gettext_lazy("as the contents show")), *((name, FORMAT_LABELS[name]) for name in IMPORTED)],
    )
    map = forms.FileField(
        label=gettext_lazy("Map"),
        required=False,
        help_text=gettext_lazy("Only for somebody else's table: a TOML file that names its columns."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what is too large for a page."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("file", "map"):
            if cleaned.get(name) is not None and cleaned[name].size > MOST_BYTES:
                self.add_error(
                    name, _("The file is larger than a megabyte. Import it by the command import_claims, or in parts.")
                )
        return cleaned


class ConfirmForm(forms.Form):
    """What was previewed, signed, and whether refused rows are to be left out."""

    packed = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
    skip_bad = forms.BooleanField(required=False, label=gettext_lazy("Leave the refused rows out"), label_suffix="")
    change_reason = ReasonField(widget=forms.HiddenInput)


@dataclass
class Preview:
    """What would become of a file: the report, what is refused, and the mark by which the same outcome is known."""

    report: Report
    refused: list[tuple[Entry, Sequence[Fault]]] = field(default_factory=list)

    @property
    def seen(self) -> str:
        """Stands for the outcome that is shown."""
        report = self.report
        counts = (report.new, report.changed, report.unchanged, report.refused)
        contested = [(each.topic, each.question, each.before) for each in report.contested]
        told = [(entry.line, fault.column, fault.sentence) for entry, faults in self.refused for fault in faults]
        return hashlib.sha256(json.dumps([counts, contested, told]).encode()).hexdigest()


def packed_file(file: Any, table_map: Any, named: str = "") -> str:
    """The file, as it goes to the page and comes back from it, signed; its format, where that is `named`."""
    content = {"name": file.name, "content": base64.b64encode(file.read()).decode(), "format": named}
    if table_map is not None:
        content |= {"map": base64.b64encode(table_map.read()).decode(), "map_name": table_map.name}
    return signing.dumps(content, salt=SALT, compress=True)


def _table(packed: str) -> TableFile:
    """The file again. Raises `TableRefused`, and `BadSignature` for what is not ours or too old."""
    content = signing.loads(packed, salt=SALT, max_age=A_DAY)
    mapping = read_map(base64.b64decode(content["map"]), content["map_name"]) if "map" in content else None
    stream = BytesIO(base64.b64decode(content["content"]))
    return TableFile.opened(content["name"], stream, named=content.get("format") or None, mapping=mapping)


def _imported(packed: str, by: User, reason: str, *, dry_run: bool = False, skip_bad: bool = False) -> Preview:
    """Import the file as ordered; raises `TableRefused`, also for one of too many rows."""
    table = _table(packed)
    refused: list[tuple[Entry, Sequence[Fault]]] = []

    given = Orders(
        by=by,
        reason=reason,
        files=[table.told()],
        refuse=lambda entry, faults: refused.append((entry, faults)),
        dry_run=dry_run,
        skip_bad=skip_bad,
    )
    return Preview(run(_few(table.entries()), given), refused)


def _few(entries: Iterable[Entry]) -> Iterator[Entry]:
    for number, entry in enumerate(entries):
        if number >= MOST_ROWS:
            sentence = _("The file has more than %(most)d rows. Import it by the command import_claims, or in parts.")
            raise TableRefused(sentence % {"most": MOST_ROWS})
        yield entry


def previewed(packed: str, by: User, reason: str) -> Preview:
    """What would become of the file; raises as `TableFile.opened` and `run` do."""
    return _imported(packed, by, reason, dry_run=True)


def written(given: dict[str, Any], by: User) -> tuple[Preview, bool]:
    """Import what was previewed, and whether it came out as it was shown: otherwise nothing is written."""
    with transaction.atomic():
        preview = _imported(given["packed"], by, given["change_reason"], skip_bad=given["skip_bad"])
        same = preview.seen == given["seen"]
        if not same:
            transaction.set_rollback(True)
    return preview, same


def word_counts(report: Report) -> str:
    """What became of the rows, in a line; where they are not one a record, of how many records they are."""
    sentence = ngettext(
        "%(rows)d row: %(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(refused)d refused.",
        "%(rows)d rows: %(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(refused)d refused.",
        report.rows,
    )
    told = sentence % {
        "rows": report.rows,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": report.refused,
    }
    if report.records == report.rows:
        return told
    made = _(
        "They are rows of the claims table. Records of the file that they are made of: %(records)d; refused of these, "
        "in whole or in part: %(refused)d."
    )
    made %= {"records": report.records, "refused": report.refused_records}
    return f"{told} {made}"
