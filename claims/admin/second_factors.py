"""The second factor of a user, as an administrator sees it: that there is one, and how it is taken away when lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static import admin as codes
from django_otp.plugins.otp_totp import admin as apps
from knox import admin as tokens
from knox.models import AuthToken

from claims.admin.base import acting
from claims.admin.fields import ReasonField
from claims.admin.users import UserAdmin
from claims.models import User
from claims.permissions import Capability, NotAllowed, may
from claims.services.second_factor import has_second_factor, take_away

# The libraries' own pages show secrets to a superuser, or make tokens for others; their modules are loaded first, or
# they would register later.
OF_LIBRARIES = (apps, codes, tokens)
for shown in (apps.TOTPDevice, codes.StaticDevice, AuthToken):
    admin.site.unregister(shown)
admin.site.unregister(User)


class ReasonForm(forms.Form):
    """Why."""

    change_reason = ReasonField()


@admin.register(User)
class UserWithSecondFactorAdmin(UserAdmin):
    """Users, and besides the way to take away a second factor."""

    def get_urls(self) -> list[URLPattern]:
        """The address of it, before Django's."""
        view = self.admin_site.admin_view(self.second_factor_view)
        return [path("<int:key>/second-factor/", view, name="claims_user_second_factor"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *arguments: Any, **keywords: Any) -> Any:
        """Besides, the button, where there is anything to take away."""
        page: Any = super().render_change_form(request, context, *arguments, **keywords)
        user = context.get("original")
        if user is not None and may(request.user, Capability.MANAGE_USERS) and has_second_factor(user):
            url = reverse("admin:claims_user_second_factor", args=[user.pk])
            act = {"name": "second-factor", "url": url, "title": _("Take the second factor away")}
            page.context_data["acts"] = [*page.context_data.get("acts", ()), act]
        return page

    def second_factor_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask why, and take it away."""
        if not may(request.user, Capability.MANAGE_USERS):
            raise NotAllowed(Capability.MANAGE_USERS)
        user = get_object_or_404(User, pk=key)
        by = acting(request)
        return self.act_page(
            request,
            user,
            ReasonForm(request.POST if request.method == "POST" else None),
            lambda typed: take_away(user=user, by=by, reason=typed["change_reason"]),
            title=_("Take the second factor away"),
            button=_("Take the second factor away"),
            about=_("For somebody who lost both the app and the recovery codes. They are signed out everywhere."),
            told=_("The second factor is taken away. The user signs in with the password alone, or adds another."),
        )
