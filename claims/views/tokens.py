"""The tokens of whoever is signed in: made after the password, shown once, listed by how they begin, revoked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from claims.models import User
from claims.services.tokens import LONGEST_DAYS, make_token, revoke_token, tokens_of
from claims.views.account import own

USUAL_DAYS = 90


class TokenForm(forms.Form):
    """For how long."""

    days = forms.IntegerField(
        label=gettext_lazy("Days until it expires"), min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS
    )


class RevokeForm(forms.Form):
    """Which one."""

    beginning = forms.CharField(max_length=40)


@require_http_methods(["GET", "HEAD", "POST"])
@own(fresh=True)
def tokens(request: HttpRequest, user: User) -> HttpResponse:
    """The tokens, and a new one; its secret is in the answer to the button, and nowhere else."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        try:
            token, secret = make_token(user=user, days=form.cleaned_data["days"])
        except ValidationError as error:
            form.add_error(None, error if not hasattr(error, "error_dict") else ValidationError(error.messages))
        else:
            return render(request, "account/token.html", {"token": token, "secret": secret})
    return render(request, "account/tokens.html", {"form": form, "tokens": tokens_of(user)})


@require_http_methods(["POST"])
@own(fresh=True)
def token_revoke(request: HttpRequest, user: User) -> HttpResponse:
    """Revoke one."""
    form = RevokeForm(request.POST)
    try:
        revoke_token(user=user, beginning=form.data.get("beginning", "")[:40])
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The token is revoked. Programs that use it are refused from now on."))
    return redirect("tokens")
