"""Suspected duplicates in the admin: the list of pairs, and one after the other, to be judged."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import Act
from claims.admin.base import acting
from claims.admin.forms import ActForm
from claims.admin.judgements import ReadOnly, standing
from claims.admin.never_written import NeverWritten
from claims.admin.refusals import REFUSALS, add_refusal, by_field
from claims.admin.suspected_pages import PairChanged, PairForm, judge, shown_pair
from claims.domain.vocabulary import Judged, Suspected
from claims.models import Likeness, SuspectedPair, User
from claims.permissions import Capability, may
from claims.queries.overview import counted
from claims.queries.suspected import ORDER, next_pair, pair_of, suspected, told_pairs
from claims.services.likenesses import withdraw_likenesses
from claims.templatetags.marks import isolated
from claims.wording import word

EVERY = "all"
DONE = {
    Judged.SAME: gettext_lazy("The two are judged the same."),
    Judged.COPIED: gettext_lazy("The text is judged to be copied."),
    Judged.DIFFERENT: gettext_lazy("The two are judged to be different."),
    Judged.UNSURE: gettext_lazy("The pair is laid aside, as unsure."),
}


class JudgedFilter(admin.SimpleListFilter):
    """Pairs of which nothing was judged, unless another judgement is asked for."""

    title = gettext_lazy("judgement")
    parameter_name = "judged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every judgement, and all pairs."""
        return [*((each.value, word(each)) for each in Judged), (EVERY, _("All pairs"))]

    def choices(self, changelist: Any) -> Any:
        """The first choice is what waits."""
        for number, choice in enumerate(super().choices(changelist)):
            yield choice if number else {**choice, "display": _("Not judged yet")}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The pairs judged so."""
        return queryset if self.value() == EVERY else queryset.filter(judged=self.value() or "")


class KindFilter(admin.SimpleListFilter):
    """Pairs suspected of one thing."""

    title = gettext_lazy("suspicion")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Each kind of suspicion."""
        return [(each.value, word(each)) for each in Suspected]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The pairs of the kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class Pairs(ChangeList):
    """A page of pairs, with their records: two queries, however many they are."""

    def get_results(self, request: HttpRequest) -> None:
        """Besides, read what each row tells."""
        super().get_results(request)
        for pair, told in zip(self.result_list, told_pairs(list(self.result_list)), strict=True):
            pair.told = told


@admin.register(SuspectedPair)
class SuspectedPairAdmin(NeverWritten):
    """Pairs are worked out from the records; what is written here are judgements of them."""

    never_deleted = gettext_lazy("A suspicion is worked out from the records. Judge the pair instead.")
    list_display = ("first_column", "second_column", "why_column", "kind_column", "judged_column")
    list_display_links = ("first_column",)
    list_filter = (KindFilter, JudgedFilter)
    ordering = ORDER
    sortable_by = ()
    change_list_template = "admin/claims/suspectedpair/change_list.html"

    def get_changelist(self, request: HttpRequest, **keywords: Any) -> type[ChangeList]:
        """The list that reads the records of a page at once."""
        return Pairs

    def get_urls(self) -> list[URLPattern]:
        """The address at which pairs are judged one after the other, before Django's."""
        view = self.admin_site.admin_view(self.judge_view)
        return [path("judge/", view, name="claims_suspectedpair_judge"), *super().get_urls()]

    # --- columns ------------------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("First"))
    def first_column(self, pair: Any) -> SafeString:
        return isolated(str(pair.told.first))

    @admin.display(description=gettext_lazy("Second"))
    def second_column(self, pair: Any) -> SafeString:
        return isolated(str(pair.told.second))

    @admin.display(description=gettext_lazy("What speaks for it"))
    def why_column(self, pair: Any) -> str:
        return " ".join(pair.told.grounds)

    @admin.display(description=gettext_lazy("Suspicion"))
    def kind_column(self, pair: Any) -> str:
        return word(Suspected(pair.kind))

    @admin.display(description=gettext_lazy("Judgement"))
    def judged_column(self, pair: Any) -> str:
        return word(Judged(pair.judged)) if pair.judged else ""

    # --- judging ------------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One pair: to read for whoever may, to judge for those who judge."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = unquote(object_id)
        pair = SuspectedPair.objects.filter(pk=key).first() if key.isdecimal() and len(key) < len(str(2**63)) else None
        if pair is None:
            raise Http404
        return self._pair(request, pair, reverse("admin:claims_suspectedpair_changelist"))

    def judge_view(self, request: HttpRequest) -> HttpResponse:
        """The next pair that waits, the strongest first; `kind` narrows to one, `after` names one passed over."""
        if not may(request.user, Capability.JUDGE_AGENTS):
            raise PermissionDenied
        kind = request.GET.get("kind", "")
        kind = kind if kind in set(Suspected) else ""
        after = _named_pair(request.GET.get("after", ""))
        pair = _named_pair(request.POST.get("pair", "")) if request.method == "POST" else next_pair(kind, after)
        if pair is None:
            return self._page(request, {"kind_asked": kind, "after": after})
        return self._pair(request, pair, request.get_full_path(), kind=kind)

    def _pair(self, request: HttpRequest, pair: SuspectedPair, on: str, *, kind: str = "") -> HttpResponse:
        """The page of a pair, or, where it was judged, the way `on`."""
        allowed = may(request.user, Capability.JUDGE_AGENTS)
        form, status, changed = PairForm(), 200, None
        if request.method == "POST":
            if not allowed:
                raise PermissionDenied
            form = PairForm(request.POST)
            if form.is_valid():
                try:
                    judge(told_pairs([pair])[0], form.cleaned_data, acting(request))
                except PairChanged as stale:
                    status, changed = 409, stale.changed
                    pair.refresh_from_db()
                except REFUSALS as error:
                    add_refusal(form, ValidationError(by_field(error)))
                else:
                    self.message_user(request, DONE[Judged(form.cleaned_data["judged"])], messages.SUCCESS)
                    return HttpResponseRedirect(on)
        passing = urlencode({"kind": kind, "after": f"{pair.table}-{pair.first}-{pair.second}"})
        context = {
            "form": form,
            "may_judge": allowed,
            "stale": status != 200,  # noqa: PLR2004
            "changed": changed,
            "reason": request.POST.get("change_reason", ""),
            "waiting": counted(suspected(kind), *ORDER),
            "next_url": f"{reverse('admin:claims_suspectedpair_judge')}?{passing}",
            **shown_pair(pair),
        }
        return self._page(request, context, status)

    def _page(self, request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
        request.current_app = self.admin_site.name
        shared = {
            **self.admin_site.each_context(request),
            "title": _("Suspected duplicates"),
            "opts": self.opts,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/claims/suspectedpair/pair.html", {**shared, **context}, status=status)


def _named_pair(name: str) -> SuspectedPair | None:
    """The pair of that name, such as "agent-12-34"."""
    table, *keys = name.split("-")
    if len(keys) != 2 or not all(key.isdecimal() and len(key) < len(str(2**63)) for key in keys):  # noqa: PLR2004
        return None
    return pair_of(table, int(keys[0]), int(keys[1]))


def _withdraw(likeness: Likeness, by: User, typed: dict[str, Any]) -> str:
    withdraw_likenesses(likenesses=[likeness], by=by, reason=typed["change_reason"])
    return _("The judgement is taken back.")


@admin.register(Likeness)
class LikenessAdmin(ReadOnly):
    """What was judged of sources, and of agents of whom it is not sure."""

    acts = (
        Act(
            "withdraw",
            gettext_lazy("Withdraw"),
            gettext_lazy("Withdraw it"),
            Capability.JUDGE_AGENTS,
            ActForm,
            _withdraw,
            standing,
            gettext_lazy("The pair is offered again; claims said to be copied stay so."),
        ),
    )
    list_display = ("__str__", "judged", "withdrawn")
    list_filter = ("judged", "withdrawn")
    list_select_related = ("first_agent", "second_agent", "first_source", "second_source")
    fields = ("judged", "first_agent", "second_agent", "first_source", "second_source", "grounds")
