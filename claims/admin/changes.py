"""The log of changes and the events beside it, for auditors and administrators: read only, as is all that is sealed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.admin.claim_list import OF_DJANGO
from claims.admin.never_written import NeverWritten
from claims.filters.changes import NOBODY, AskedChanges
from claims.ledger.models import Event, LoggedChange
from claims.queries.changes import CHANGES, PAGE, ToldChange, changes, counted_rows, told_changes, unattributed
from claims.queries.pages import Page, page_of
from claims.queries.version_fields import shown_moment
from claims.templatetags.marks import isolated
from claims.wording.changes import event_kinds, word_event, word_unattributed


class LoggedChanges(ChangeList):
    """One page of the log. Filters are those of the research page, and so is the rest of an address.

    What is unknown or wrong in an address is said above the list, which then shows no change at all.
    """

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        """All; what the page shows is read in `get_results`."""
        self.filter_specs: list[Any] = []
        self.has_filters = self.has_active_filters = False
        return self.root_queryset

    def get_results(self, request: HttpRequest) -> None:
        """Read the page that is asked for."""
        query = request.GET.copy()
        for name in OF_DJANGO:
            query.pop(name, None)
        self.asked = AskedChanges.of(query)
        self.page: Page | None = None
        self.loose = ""
        if self.asked.is_valid:
            self.page = page_of(changes(self.asked.wanted), CHANGES, size=PAGE, **self.asked.places)
            if not self.asked.of_changes:
                count = counted_rows(unattributed(self.asked.wanted))
                self.loose = word_unattributed(count.number, more=count.more)
        self.result_list = [_with_told(told) for told in told_changes(self.page.keys if self.page else ())]
        self.result_count = len(self.result_list)
        self.full_result_count = None
        self.show_full_result_count = self.show_admin_actions = False
        self.can_show_all, self.multi_page = True, False
        self.paginator = self.model_admin.get_paginator(request, self.result_list, PAGE)

    @property
    def mistakes(self) -> list[str]:
        """What is wrong with the address, beside what the fields say."""
        unknown = [
            _("There is no filter “%(name)s”. Remove it from the address.") % {"name": n} for n in self.asked.unknown
        ]
        return [*unknown, *self.asked.mistakes, *self.asked.form.non_field_errors()]

    @property
    def active(self) -> list[Any]:
        """What the list is narrowed to; nothing where the address has a mistake."""
        return self.asked.active() if self.page else []

    @property
    def loose_url(self) -> str:
        """The page of what is not attributed, narrowed alike."""
        return f"{reverse('change_list')}?{self.asked.without('attributed', attributed=NOBODY)}"

    @property
    def first_url(self) -> str:
        """The address of the first page."""
        return f"?{self.asked.without()}"

    @property
    def before_url(self) -> str:
        """The address of the page before; empty on the first one."""
        shown = self.page and self.page.has_previous and self.result_list
        return f"?{self.asked.without(before=str(self.result_list[0].uid))}" if shown else ""

    @property
    def after_url(self) -> str:
        """The address of the next page; empty on the last one."""
        return f"?{self.asked.without(after=str(self.result_list[-1].uid))}" if self.page and self.page.has_next else ""


def _with_told(told: ToldChange) -> LoggedChange:
    told.change.told = told  # type: ignore[attr-defined]
    return told.change


@admin.register(LoggedChange)
class LoggedChangeAdmin(NeverWritten):
    """The log of changes, with the columns and filters of its page."""

    list_display = ("when_column", "who_column", "what_column", "why_column", "number_column")
    list_display_links = ("when_column",)
    change_list_template = "admin/claims/changes.html"
    fields = ("at", "user_name", "command", "reason", "request", "uid", "page_link")
    readonly_fields = ("page_link",)

    def get_changelist(self, request: HttpRequest, **keywords: Any) -> type[ChangeList]:
        """The list that reads by key."""
        return LoggedChanges

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; what is not attributed is no change, and is on the page of the log."""
        if request.GET.get("attributed") == NOBODY and self.has_view_permission(request):
            return HttpResponseRedirect(f"{reverse('change_list')}?{request.GET.urlencode()}")
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("When"))
    def when_column(self, change: Any) -> str:
        return shown_moment(change.at)

    @admin.display(description=_("Who"))
    def who_column(self, change: Any) -> SafeString:
        name = change.told.user_name or change.command
        return isolated(name) if name else format_html("<em>{}</em>", _("nobody known"))

    @admin.display(description=_("What"))
    def what_column(self, change: Any) -> str:
        told: ToldChange = change.told
        return told.what

    @admin.display(description=_("Why"))
    def why_column(self, change: Any) -> SafeString:
        return format_html('<p class="words" dir="auto">{}</p>', change.told.why)

    @admin.display(description=_("Sealed as"))
    def number_column(self, change: Any) -> str:
        place = change.told.place
        if place is None:
            return str(_("not sealed yet"))
        return f"{place.number:,} · {_('in a checkpoint') if place.checkpoint else _('in no checkpoint yet')}"

    @admin.display(description=_("All that it wrote"))
    def page_link(self, change: LoggedChange) -> SafeString:
        """The way to the change's own page."""
        return format_html('<a href="{}">{}</a>', reverse("change", args=[change.uid]), _("Open the change"))


class KindFilter(admin.SimpleListFilter):
    """Events of one kind."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every kind that has words."""
        return event_kinds()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The events of the kind; none of a kind that there is not."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(NeverWritten):
    """Sign-ins, failed ones, exports: what happened beside the records."""

    list_display = ("when_column", "kind_column", "who_column", "address_column")
    list_display_links = ("when_column",)
    list_filter = (KindFilter,)
    ordering = ("-id",)
    sortable_by = ()
    fields = ("at", "kind_column", "who_column", "detail")
    readonly_fields = ("kind_column", "who_column")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """In the order in which they happened."""
        return super().get_queryset(request).order_by("-id")

    @admin.display(description=_("When"))
    def when_column(self, event: Event) -> str:
        return shown_moment(event.at)

    @admin.display(description=_("What"))
    def kind_column(self, event: Event) -> str:
        return word_event(event.kind)

    @admin.display(description=_("Who"))
    def who_column(self, event: Event) -> SafeString:
        """The name given then; that a failed sign-in named nobody here is said, too."""
        return isolated(event.name) if event.name else format_html("<em>{}</em>", _("nobody known"))

    @admin.display(description=_("From"))
    def address_column(self, event: Event) -> SafeString:
        return format_html('<bdi dir="ltr">{}</bdi>', event.detail.get("address", ""))
