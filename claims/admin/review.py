"""Review in the admin: of chosen claims from the list, and one by one, the contested first."""

from __future__ import annotations

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
from claims.admin.forms import ActForm
from claims.admin.refusals import REFUSALS, add_refusal, by_field
from claims.admin.surroundings import surroundings_of
from claims.models import Claim
from claims.permissions import Capability, may
from claims.queries.claim_lists import find_row
from claims.queries.claim_rows import claim_rows
from claims.queries.reviews import next_waiting, waiting
from claims.services.review import check, discard

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
        keys = [int(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)[:MOST_CHOSEN] if key.isdecimal()]
        confirming = "confirm" in request.POST
        form = ChosenForm(request.POST if confirming else None, initial={"versions": _versions(request, keys)})
        if confirming and form.is_valid():
            versions = form.cleaned_data["versions"]
            claims = list(Claim.objects.filter(pk__in=versions).order_by("pk"))
            try:
                reason = form.cleaned_data["change_reason"]
                done = SERVICES[service](claims=claims, by=acting(request), reason=reason, versions=versions)
            except REFUSALS as error:
                add_refusal(form, ValidationError(by_field(error)))
            else:
                sentence = ngettext("%(number)d claim is reviewed.", "%(number)d claims are reviewed.", len(done))
                self._tell(request, sentence % {"number": len(done)})
                return None
        context = {
            "title": title,
            "form": form,
            "rows": claim_rows(keys),
            "keys": keys,
            "action": request.POST.get("action", ""),
        }
        return self._page(request, "admin/claims/claim/review_chosen.html", context)

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
            if claim is not None and form.is_valid() and self._reviewed(request, claim, form):
                return HttpResponseRedirect(request.get_full_path())
        else:
            claim = claim_to_review(after)
            form = ActForm(initial={"record_version": claim.version if claim else None})
        context = {
            "title": _("Review one by one"),
            "form": form,
            "claim": claim,
            "after": after,
            "waiting": waiting(),
            "show_link": reverse("admin:claims_claim_change", args=[claim.pk]) if claim else "",
            **(surroundings_of(claim) if claim else {}),
        }
        return self._page(request, "admin/claims/claim/review.html", context)

    def _reviewed(self, request: HttpRequest, claim: Claim, form: ActForm) -> bool:
        service = SERVICES["discard" if "discard" in request.POST else "check"]
        typed = form.cleaned_data
        try:
            service(
                claims=[claim],
                by=acting(request),
                reason=typed["change_reason"],
                versions={claim.pk: typed["record_version"] or 0},
            )
        except REFUSALS as error:
            add_refusal(form, ValidationError(by_field(error)))
            return False
        self._tell(request, _("The claim is discarded.") if service is discard else _("The claim is checked."))
        return True

    # --- shared -------------------------------------------------------------------------------------------------------

    def _tell(self, request: HttpRequest, sentence: str) -> None:
        owner: Any = self
        owner.message_user(request, sentence, messages.SUCCESS)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        owner: Any = self
        request.current_app = owner.admin_site.name
        shared = {**owner.admin_site.each_context(request), "opts": owner.opts, "media": owner.media}
        return TemplateResponse(request, template, {**shared, **context})


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
