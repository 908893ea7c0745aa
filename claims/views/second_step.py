"""The second step of signing in: whoever has or needs a second factor is nobody until it is shown.

`SecondStepMiddleware` holds it for every address at once, the admin's too: after the password alone `request.user` is
anonymous, so that no page has to know of the second step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from claims.models import User
from claims.services.second_factor import TryAgainLater, has_second_factor, needs_second_factor, verify
from claims.views.account_forms import CodeForm
from claims.views.enrolment import enrolled, let_in
from claims.views.sign_in import paused

HALF = "_half_signed_in"


class SecondStepMiddleware:
    """Lets a session in only once it has shown the second factor that its user has or needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        claimed: Any = request.user
        request.user = SimpleLazyObject(lambda: _let_in(request, claimed))  # type: ignore[assignment]
        at_a_door = request.method in {"GET", "HEAD"} and request.path in {reverse("login"), reverse("admin:login")}
        if at_a_door and half_signed_in(request) is not None:
            return second_step_for(request, next_page(request))
        return self.get_response(request)


def _let_in(request: HttpRequest, claimed: Any) -> User | AnonymousUser:
    """The user of the session, or nobody where a second factor is wanting."""
    if not claimed.is_authenticated or claimed.is_verified():
        return claimed  # type: ignore[no-any-return]
    if not has_second_factor(claimed) and not needs_second_factor(claimed):
        return claimed  # type: ignore[no-any-return]
    setattr(request, HALF, claimed)
    return AnonymousUser()


def half_signed_in(request: HttpRequest) -> User | None:
    """Who typed the right password in this session and has not shown the second factor."""
    if request.user.is_authenticated:
        return None
    user: User | None = getattr(request, HALF, None)
    return user


def next_page(request: HttpRequest) -> str:
    """Where to go afterwards, as long as it is on this site; else the start page."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if here else "/"


def second_step_for(request: HttpRequest, then: str) -> HttpResponseRedirect:
    """On to the second step, and from there where the user wanted to go."""
    return HttpResponseRedirect(f"{reverse('second_step')}?{urlencode({'next': then})}")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Asks for a code; whoever needs a second factor and has none gets one here."""
    then = next_page(request)
    user = half_signed_in(request)
    if user is None:
        return redirect(then) if request.user.is_authenticated else redirect_to_login(then)
    if not has_second_factor(user):
        return enrolled(request, user, then=then)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            device = verify(user=user, code=form.cleaned_data["code"])
        except TryAgainLater as wait:
            return paused(request, wait.until, str(wait))
        except ValidationError as error:
            form.add_error("code", error)
        else:
            let_in(request, user, device)
            return HttpResponseRedirect(then)
    return render(request, "registration/second_step.html", {"form": form, "next": then})
