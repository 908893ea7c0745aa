"""The list of claims: what an editor sees of each at a glance, its filters, and pages read by key."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.domain.vocabulary import Certainty
from claims.filters import Asked
from claims.filters.claims import PLACES
from claims.interchange.downloads import Downloads, downloads_of
from claims.models import Claim
from claims.queries.claim_lists import ORDERS, PAGE
from claims.queries.claim_rows import ClaimRow, Wording, claim_rows
from claims.queries.overview import Counted, counted
from claims.queries.pages import Page, page_of
from claims.templatetags import marks, texts
from claims.wording import word_date

# Parameters with which Django opens a list from elsewhere; they ask for nothing.
OF_DJANGO = ("_popup", "_to_field", "_changelist_filters", "e", "index", "action")
NOT_FOLDED = frozenset({"text", "state", "sort"})


class ClaimList(ChangeList):
    """One page of claims. Filters and order are those of the research pages, and so is the rest of an address.

    What is unknown or wrong in an address is said above the list, which then shows no claim at all.
    """

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        """The claims that actions may choose from; what the page shows is read in `get_results`."""
        self.filter_specs: list[Any] = []
        self.has_filters = self.has_active_filters = False
        return self.root_queryset

    def get_results(self, request: HttpRequest) -> None:
        """Read the page that is asked for."""
        query = request.GET.copy()
        for name in OF_DJANGO:
            query.pop(name, None)
        self.asked = Asked.of(query)
        self.asked.filters.is_valid()  # read in any case: the form says what is wrong with which field
        self.page: Page | None = None
        self.count: Counted | None = None
        if self.asked.is_valid:
            rows = self.asked.filters.qs
            self.page = page_of(rows, ORDERS[self.asked.order], size=PAGE, **self.asked.places)
            self.count = counted(rows)
        found = claim_rows(self.page.keys) if self.page else []
        self.result_list = [_with_row(row) for row in found]
        self.result_count = len(self.result_list)
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = bool(self.result_list)
        self.can_show_all, self.multi_page = True, False
        self.paginator = self.model_admin.get_paginator(request, self.result_list, PAGE)

    @property
    def mistakes(self) -> list[str]:
        """What is wrong with the address, beside what the fields say."""
        unknown = [
            _("There is no filter “%(name)s”. Remove it from the address.") % {"name": n} for n in self.asked.unknown
        ]
        return [*unknown, *self.asked.mistakes, *self.asked.filters.form.non_field_errors()]

    def address(self, **places: str) -> str:
        """The address of another page of the same list."""
        query = self.asked.filters.form.data.copy()
        for name in PLACES:
            query.pop(name, None)
        query.update(places)
        for name in [each for each in query if not query[each]]:
            del query[name]
        return f"?{query.urlencode()}"

    @property
    def after_url(self) -> str:
        """The address of the next page; empty on the last one."""
        return self.address(after=str(self.result_list[-1].uid)) if self.page and self.page.has_next else ""

    @property
    def before_url(self) -> str:
        """The address of the page before; empty on the first one."""
        shown = self.page and self.page.has_previous and self.result_list
        return self.address(before=str(self.result_list[0].uid)) if shown else ""

    @property
    def first_url(self) -> str:
        """The address of the first page."""
        return self.address()

    @property
    def downloads(self) -> Downloads:
        """The downloads of what the list is narrowed to."""
        return downloads_of(self.asked.selection)

    @property
    def fields(self) -> list[Any]:
        """The filters that are folded away."""
        form = self.asked.filters.form
        return [form[name] for name in form.fields if name not in NOT_FOLDED]


def _with_row(row: ClaimRow) -> Claim:
    row.claim.row = row  # type: ignore[attr-defined]
    return row.claim


class ClaimColumns:
    """The columns of the list; each claim carries its row."""

    @admin.display(description=_("State"))
    def state_column(self, claim: Any) -> SafeString:
        row: ClaimRow = claim.row
        return marks.state_mark(row.state.state)

    @admin.display(description=_("Claim"))
    def claim_column(self, claim: Any) -> SafeString:
        row: ClaimRow = claim.row
        first, *others = ordered(row)
        return format_html(
            '<div class="claim-cell{}{}"><a class="words" dir="auto" lang="{}" href="{}">{}</a>{}{}</div>',
            " claim-inferred" if claim.inferred else "",
            "" if row.stands else " claim-fallen",
            first.language,
            reverse("admin:claims_claim_change", args=[claim.pk]),
            first.text,
            format_html_join(
                "", '<p class="words wording-other" dir="auto" lang="{}">{}</p>', ((w.language, w.text) for w in others)
            ),
            format_html('<p class="quiet"><bdi>{}</bdi></p>', row.question)
            if row.question
            else format_html('<p class="quiet">{}</p>', _("no question yet")),
        )

    @admin.display(description=_("Stance and answer"))
    def answer_column(self, claim: Any) -> SafeString:
        row: ClaimRow = claim.row
        return format_html(
            '{} <span class="stance stance-{}">{}{}</span> {}{}{}',
            marks.position_badge(row.position),
            claim.stance,
            marks.word(claim.stance, "stance"),
            "" if claim.certainty == Certainty.PLAIN else f" {marks.word(claim.certainty, 'certainty')}",
            texts.worded(row.answer),
            format_html(' <span class="inferred-word">{}</span>', _("inferred")) if claim.inferred else "",
            "" if row.stands else format_html('<p class="quiet">{}</p>', marks.word(row.state.standing, "standing")),
        )

    @admin.display(description=_("Who, and through whom"))
    def who_column(self, claim: Any) -> SafeString:
        row: ClaimRow = claim.row
        return marks.chain([{"name": row.speaker, "side": row.side, "cue": claim.attribution.cue}, *row.chain])

    @admin.display(description=_("Source and date"))
    def source_column(self, claim: Any) -> SafeString:
        row: ClaimRow = claim.row
        dates = ((_("said"), claim.attribution.said_on), (_("published"), claim.attribution.source.published_on))
        stated = [(label, texts.worded(word_date(date))) for label, date in dates if date]
        return format_html(
            '<bdi lang="{}">{}</bdi>{}',
            claim.attribution.source.language,
            row.source,
            format_html_join("", '<p class="quiet">{} {}</p>', stated),
        )

    @admin.display(description=_("Review"))
    def review_column(self, claim: Any) -> SafeString:
        return format_html(
            '{}<input type="hidden" name="version-{}" value="{}">',
            marks.review_mark(claim.review, claim.review_stale),
            claim.pk,
            claim.version,
        )


COLUMNS = ("state_column", "claim_column", "answer_column", "who_column", "source_column", "review_column")


def ordered(row: ClaimRow) -> list[Wording]:
    """The wordings, those in the reader's language first; the answer where there is none."""
    reader = (get_language() or "").split("-")[0]
    wordings = sorted(row.wordings, key=lambda wording: wording.language.split("-")[0] != reader)
    return wordings or [Wording("", row.answer)]
