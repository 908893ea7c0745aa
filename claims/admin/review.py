"""Review in the admin: of chosen claims from the list, and one by one, the contested first."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.base import acting
from claims.admin.conflict_pages import act_page, changed_since, seen_version, shown
from claims.admin.forms import ActForm
from claims.admin.refusals import REFUSALS, add_refusal, by_field
from claims.admin.surroundings import surroundings_of
from claims.models import Claim, User
from claims.permissions import Capability, may
from claims.queries.claim_lists import find_row
from claims.queries.claim_rows import claim_rows
from claims.queries.reviews import next_waiting, waiting
from claims.services.refusals import Stale
from claims.services.review import check, discard, not_reviewed_by
from claims.services.seen import seen_and_changed
from claims.services.transaction import change

# So many claims are reviewed at once; more of them nobody has looked at.
MOST_CHOSEN = 100
SERVICES: dict[str, Callable[..., list[Claim]]] = {"check": check, "discard": discard}


class ChosenForm(ActForm):
    """Why the chosen claims are checked or discarded."""

    versions = forms.JSONField(widget=forms.HiddenInput)

    def clean_versions(self) -> dict[int, int]:
        """The versions that the list showed, by claim."""
        given = self.cleaned_data["versions"]
        try:
            return {int(key): int(version) for key, version in given.items()}
        except (AttributeError, TypeError, ValueError):
            raise ValidationError(_("This page was changed on its way. Choose the claims again.")) from None


class ReviewPages:
    """The review of claims, for those who may."""

    # --- from the list ------------------------------------------------------------------------------------------------

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Whether the user may review: Django asks before it offers the actions."""
        return may(request.user, Capability.REVIEW)

    @admin.action(description=gettext_lazy("Check the chosen claims"), permissions=["review"])
    def check_chosen(self, request: HttpRequest, _queryset: Any) -> HttpResponse | None:
        """Check the chosen claims, with one reason."""
        return self._chosen(request, "check", _("Check these claims"))

    @admin.action(description=gettext_lazy("Discard the chosen claims"), permissions=["review"])
    def discard_chosen(self, request: HttpRequest, _queryset: Any) -> HttpResponse | None:
        """Discard the chosen claims, with one reason."""
        return self._chosen(request, "discard", _("Discard these claims"))

    def _chosen(self, request: HttpRequest, service: str, title: str) -> HttpResponse | None:
        keys = [_number(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)[:MOST_CHOSEN]]
        confirming = "confirm" in request.POST
        data = request.POST.copy() if confirming else None
        if data is not None and "versions" not in data:  # from the page of those that were changed meanwhile
            data["versions"] = json.dumps(_versions(request, keys))
        form = ChosenForm(data, initial={"versions": _versions(request, keys)})
        if confirming and form.is_valid():
            try:
                done, stale = reviewed(service, form.cleaned_data, acting(request))
            except REFUSALS as error:
                add_refusal(form, ValidationError(by_field(error)))
            else:
                if done or not stale:
                    sentence = ngettext("%(number)d claim is reviewed.", "%(number)d claims are reviewed.", len(done))
                    self._tell(request, sentence % {"number": len(done)})
                return self._stale(request, form, stale, title) if stale else None
        context = {
            "title": title,
            "form": form,
            "rows": claim_rows(keys),
            "why_not": list(not_reviewed_by(Claim.objects.filter(pk__in=keys), acting(request)).values()),
            "keys": keys,
            "action": request.POST.get("action", ""),
        }
        return self._page(request, "admin/claims/claim/review_chosen.html", context)

    def _stale(self, request: HttpRequest, form: ChosenForm, stale: list[Claim], title: str) -> HttpResponse:
        """The chosen claims that were changed after the list was shown: untouched, with what changed in each."""
        seen = form.cleaned_data["versions"]
        rows = {row.claim.pk: row for row in claim_rows([claim.pk for claim in stale])}
        for claim in stale:
            claim.row = rows.get(claim.pk)  # type: ignore[attr-defined]  # to be named by on the page
        context = {
            "title": _("Changed by somebody else meanwhile"),
            "button": title,
            "stale": [changed_since(claim, seen.get(claim.pk, 0)) for claim in stale],
            "action": request.POST.get("action", ""),
            "reason": form.cleaned_data["change_reason"],
        }
        return shown(self, request, None, "admin/claims/claim/review_stale.html", context)

    # --- one by one ---------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """The address of the review, before Django's."""
        owner: Any = self
        view = owner.admin_site.admin_view(self.review_view)
        parent: Any = super()
        return [path("review/", view, name="claims_claim_review"), *parent.get_urls()]

    def review_view(self, request: HttpRequest) -> HttpResponse:
        """The next claim that waits, unchecked or out of date, with what it means for others; contested ones first."""
        if not self.has_review_permission(request):
            raise PermissionDenied
        form = ActForm(request.POST) if request.method == "POST" else ActForm()
        after = request.GET.get("after", "")
        if form.is_bound:
            claim = Claim.objects.filter(pk=_number(request.POST.get("claim", ""))).first()
            if claim is not None and (answer := self._reviewed(request, claim, form)) is not None:
                return answer
        else:
            claim = claim_to_review(after)
            form = ActForm(initial={"record_version": claim.version if claim else None})
        context = {
            "title": _("Review one by one"),
            "form": form,
            "claim": claim,
            "after": after,
            "waiting": waiting(),
            "why_not": not_reviewed_by([claim], acting(request)).get(claim.pk, "") if claim else "",
            "show_link": reverse("admin:claims_claim_change", args=[claim.pk]) if claim else "",
            **(surroundings_of(claim) if claim else {}),
        }
        return self._page(request, "admin/claims/claim/review.html", context)

    def _reviewed(self, request: HttpRequest, claim: Claim, form: ActForm) -> HttpResponse | None:
        """The way to the next claim, or the page of what was changed meanwhile; None where something is missing."""
        name = "discard" if "discard" in request.POST else "check"
        seen = seen_version(form)
        try:
            if seen and seen != claim.version:
                raise Stale(claim)
            if not form.is_valid():
                return None
            reason = form.cleaned_data["change_reason"]
            SERVICES[name](claims=[claim], by=acting(request), reason=reason, versions={claim.pk: seen})
        except Stale:
            now = Claim.objects.get(pk=claim.pk)
            doing = _("Discard this claim") if name == "discard" else _("Check this claim")
            return act_page(self, request, now, form, doing=doing, button=doing, can=not now.withdrawn)
        except REFUSALS as error:
            add_refusal(form, ValidationError(by_field(error)))
            return None
        self._tell(request, _("The claim is discarded.") if name == "discard" else _("The claim is checked."))
        return HttpResponseRedirect(request.get_full_path())

    # --- shared -------------------------------------------------------------------------------------------------------

    def _tell(self, request: HttpRequest, sentence: str) -> None:
        owner: Any = self
        owner.message_user(request, sentence, messages.SUCCESS)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        owner: Any = self
        request.current_app = owner.admin_site.name
        shared = {**owner.admin_site.each_context(request), "opts": owner.opts, "media": owner.media}
        return TemplateResponse(request, template, {**shared, **context})


def reviewed(service: str, typed: dict[str, Any], by: User) -> tuple[list[Claim], list[Claim]]:
    """The claims reviewed, and those left alone because they were changed after the list was shown."""
    versions = typed["versions"]
    with change(by=by, reason=typed["change_reason"]) as this:
        claims = list(Claim.objects.filter(pk__in=versions).order_by("pk"))
        fresh, stale = seen_and_changed(this, claims, versions)
        done = SERVICES[service](claims=fresh, by=by, reason=typed["change_reason"], versions=versions)
    return done, stale


def claim_to_review(after: str) -> Claim | None:
    """The first claim that waits, or the first after the one named."""
    try:
        seen = find_row(UUID(after)) if after else None
    except ValueError:
        seen = None
    found: Claim | None = Claim.objects.filter(pk=next_waiting(seen)).first()
    return found


def _versions(request: HttpRequest, keys: list[int]) -> dict[str, str]:
    """The versions that the list showed of the claims, as it posted them."""
    return {str(key): request.POST.get(f"version-{key}", "0") for key in keys}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < len(str(2**63)) else 0
