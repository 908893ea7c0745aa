"""Publications, and their texts as they were captured."""

from django.conf import settings
from django.db import models
from django.db.models import PROTECT, Q
from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import Medium
from claims.models.base import Record
from claims.models.constraints import check, dated, one_of, sha256, web_address
from claims.models.fields import LongText, ShortText, Translations, WebAddress, Word, bound, edtf, language
from claims.models.guarded import GuardedModel
from claims.models.labels import RELIABILITY
from claims.models.people import RELIABILITIES, Agent


class Source(Record):
    """One publication: an article, post, broadcast or document; never a person (schema.org `CreativeWork`)."""

    title = ShortText(_("title"))
    translations = Translations()
    url = WebAddress(_("address"))
    publisher = models.ForeignKey(
        Agent, PROTECT, null=True, blank=True, related_name="publications", verbose_name=_("publisher")
    )
    medium = Word(_("medium"), Medium, default=Medium.ARTICLE)
    published_on = edtf(_("published on"))
    published_from = bound(_("published from"))
    published_until = bound(_("published until"))
    language = language(blank=True, default="")
    reliability = Word(_("reliability"), RELIABILITY, max_length=1, default="F")
    note = LongText(_("note"))

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            one_of("source", "medium", Medium),
            one_of("source", "reliability", RELIABILITIES),
            dated("source", "published_on", "published_from", "published_until"),
            web_address("source", "url"),
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="source_url_unique",
                violation_error_message=_("There is a source with this address already. Use it."),
            ),
        ]
        indexes = [
            models.Index(fields=["title"], name="source_title"),
            models.Index(fields=["published_from", "id"], name="source_published"),
        ]

    def __str__(self) -> str:
        return self.title


class Snapshot(Record):
    """A source's text as captured at one moment, known by the SHA-256 of its bytes; immutable.

    The text may come later than its hash: until then `length` and `captured_at` may be unknown and `encoding` is
    blank. `captured_on` is the moment of capture as stated (EDTF), `captured_at` when it was put in here.
    """

    fixed = ("source", "sha256")

    source = models.ForeignKey(Source, PROTECT, related_name="snapshots", verbose_name=_("source"))
    sha256 = ShortText(_("SHA-256"), max_length=64)
    length = models.PositiveIntegerField(_("length in bytes"), null=True, blank=True)
    encoding = ShortText(_("encoding"), max_length=40, blank=True, default="")
    captured_on = edtf(_("captured on"))
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, PROTECT, null=True, blank=True, related_name="+", verbose_name=_("captured by")
    )
    captured_at = models.DateTimeField(_("captured at"), null=True, blank=True)
    archive_url = WebAddress(_("archive address"))

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [
            *sha256("snapshot", "sha256"),
            web_address("snapshot", "archive_url"),
            check(
                "snapshot_text_has_length",
                Q(encoding="") | Q(length__isnull=False),
                _("A text has a length. State it together with the encoding."),
            ),
            models.UniqueConstraint(
                fields=["source", "sha256"],
                name="snapshot_unique_in_source",
                violation_error_message=_("This text of the source is on record already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.sha256[:12]})"


class SnapshotContent(GuardedModel):
    """The bytes of a snapshot as they were given; immutable, and vouched for by the snapshot's SHA-256."""

    snapshot = models.OneToOneField(
        Snapshot, PROTECT, primary_key=True, related_name="content", verbose_name=_("snapshot")
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("text of a snapshot")
        verbose_name_plural = _("texts of snapshots")

    def __str__(self) -> str:
        return str(self.snapshot)
