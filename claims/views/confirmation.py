"""The password once more, before an account's password or second factor changes: a machine may stand unattended."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from claims.models import User
from claims.services.sign_ins import PASSWORD_AT
from claims.views.account_forms import PasswordForm

# For so many seconds after it was typed the password is not asked for again.
FRESH = 10 * 60


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password was typed in this session a moment ago."""
    return bool(0 <= time.time() - request.session.get(PASSWORD_AT, 0) < FRESH)


def confirm_first(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that asks for the password, and back here."""
    return HttpResponseRedirect(f"{reverse('confirm_password')}?{urlencode({'next': request.get_full_path()})}")


def confirmed(request: HttpRequest, user: User, *, then: str) -> HttpResponse:
    """The page that asks for the password."""
    form = PasswordForm(request, user, request.POST or None)
    if form.is_valid():
        request.session[PASSWORD_AT] = int(time.time())
        return HttpResponseRedirect(then)
    return render(request, "account/confirm_password.html", {"form": form, "next": then})
