"""The admin of sources and of their texts: attached by paste or file, read, never edited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.acts import Act, RecordActs
from claims.admin.base import RecordAdmin
from claims.admin.fields import DATE_HELP
from claims.admin.forms import ActForm
from claims.admin.search import FoundByWords
from claims.models import Snapshot, Source, User
from claims.models.fields import refuse_unstorable
from claims.permissions import Capability
from claims.queries.texts import has_text, text_of
from claims.services.texts import Attached, attach_pasted, attach_text
from claims.text.decoding import Encoding, refuse_size
from claims.text.refusals import TextRefusal
from claims.wording import clauses, word_outcome, word_refusal

# What a page shows of a text; the source's page among the research pages shows all of it, with its passages.
MOST_SHOWN = 20_000


class TextFile(forms.FileField):
    """A file of any kind: what is no text is refused in a sentence of its own, an empty one too."""

    def to_python(self, data: Any) -> Any:
        """The file, not read yet where it is too large."""
        if data is None:
            return None
        try:
            refuse_size(data.size or 0)
        except TextRefusal as refusal:
            raise ValidationError(word_refusal(refusal)) from None
        return data


class TextForm(ActForm):
    """A text, pasted or as a file."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        validators=[refuse_unstorable],
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto", "class": "vLargeTextField"}),
        help_text=gettext_lazy("Pasted as it was published; or choose a file below."),
    )
    content = TextFile(label=gettext_lazy("File"), required=False, help_text=gettext_lazy("Kept byte for byte."))
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding of the file"),
        required=False,
        choices=[("", gettext_lazy("recognise it")), *((each.value, each.value) for each in Encoding)],
    )
    captured_on = forms.CharField(
        label=gettext_lazy("Captured on"),
        required=False,
        max_length=100,
        help_text=DATE_HELP,
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "vTextField notation"}),
    )
    archive_url = forms.CharField(
        label=gettext_lazy("Archive address"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "vTextField"}),
    )

    def clean(self) -> dict[str, Any]:
        """Either is given, not both."""
        cleaned: dict[str, Any] = super().clean() or {}
        given = [name for name in ("text", "content") if cleaned.get(name)]
        if len(given) > 1:
            self.add_error("content", _("Paste the text or choose a file, not both."))
        elif not given and not {"text", "content"} & set(self.errors):
            self.add_error("text", _("Paste the text, or choose a file."))
        return cleaned


def _attach(source: Source, by: User, typed: dict[str, Any]) -> str:
    shared = {"captured_on": typed["captured_on"], "archive_url": typed["archive_url"]}
    reason = typed["change_reason"]
    if typed["content"]:
        content = typed["content"].read()
        encoding = typed["encoding"] or None
        attached = attach_text(source=source, content=content, encoding=encoding, by=by, reason=reason, **shared)
    else:
        attached = attach_pasted(source=source, text=typed["text"], by=by, reason=reason, **shared)
    return told_of(attached)


def told_of(attached: Attached) -> str:
    """What came of attaching a text: where the passages stand now."""
    sentences = [_("This text was on record already.") if attached.known else _("The text is attached.")]
    counts: dict[str, int] = {}
    for location in attached.results:
        counts[location.outcome] = counts.get(location.outcome, 0) + 1
    if counts:
        found = clauses(f"{word_outcome(outcome)}: {number}" for outcome, number in counts.items())
        sentences.append(_("Passages – %(found)s.") % {"found": found})
    if attached.stale:
        number = len(attached.stale)
        sentence = ngettext(
            "The review of %(number)d claim is out of date now.",
            "The reviews of %(number)d claims are out of date now.",
            number,
        )
        sentences.append(sentence % {"number": number})
    return " ".join(sentences)


def present(source: Source) -> bool:
    """Whether texts may still be attached."""
    return not source.withdrawn


@admin.register(Source)
class SourceAdmin(FoundByWords, RecordActs):
    """Sources; their texts are attached in a form of its own."""

    change_form_template = "admin/claims/suspect_form.html"
    acts = (
        Act(
            "attach-text",
            gettext_lazy("Attach its text"),
            gettext_lazy("Attach the text"),
            Capability.ATTACH_TEXTS,
            TextForm,
            _attach,
            present,
            gettext_lazy("A text is never edited: a changed article is attached again, beside the earlier one."),
        ),
    )
    list_display = ("title", "publisher", "published_on", "medium", "language", "reliability")
    list_select_related = ("publisher",)
    list_filter = ("medium", "withdrawn")
    ordering = ("-pk",)
    fields = ("title", "translations", "url", "publisher", "medium", "published_on", "language", "reliability", "note")
    autocomplete_fields = ("publisher",)


@admin.register(Snapshot)
class SnapshotAdmin(FoundByWords, RecordAdmin):
    """Texts as captured: attached to their source, never changed here; found by source or the hash's beginning."""

    list_display = ("source", "captured_on", "captured_at", "length", "encoding")
    list_select_related = ("source",)
    ordering = ("-pk",)
    fields = (
        "source",
        "sha256",
        "length",
        "encoding",
        "captured_on",
        "captured_at",
        "captured_by",
        "archive_url",
        "text_shown",
    )
    readonly_fields = ("text_shown",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Attached to its source."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Immutable."""
        return False

    @admin.display(description=gettext_lazy("Text"))
    def text_shown(self, snapshot: Snapshot) -> SafeString | str:
        """The text as far as a page shows it."""
        if not has_text(snapshot):
            return _("Only its hash is on record. Attach the text to the source.")
        text = text_of(snapshot)
        cut = format_html("<p>{}</p>", _("Only the beginning is shown.")) if len(text) > MOST_SHOWN else ""
        return format_html('<div class="snapshot-text words" dir="auto">{}</div>{}', text[:MOST_SHOWN], cut)
