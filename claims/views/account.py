"""The account of whoever is signed in: roles, password, second factor; with a role or without."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from claims.models import User
from claims.permissions import CAPABILITY_LABELS, ROLE_LABELS, ROLES, Role, roles_of
from claims.services.second_factor import (
    codes_left,
    has_second_factor,
    needs_second_factor,
    remove,
    renew_codes,
)
from claims.services.users import set_password
from claims.views.confirmation import confirm_first, confirmed, is_fresh
from claims.views.enrolment import enrolled
from claims.views.second_step import half_signed_in, next_page
from claims.wording import clauses

View = Callable[[HttpRequest, User], HttpResponse]


def own(*, fresh: bool = False) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """A page about the account of whoever is signed in; where `fresh`, only after the password was typed again."""

    def guarded(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest) -> HttpResponse:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            if fresh and not is_fresh(request):
                return confirm_first(request)
            return view(request, request.user)

        return sensitive_post_parameters()(checked)

    return guarded


@require_safe
@own()
def account(request: HttpRequest, user: User) -> HttpResponse:
    """The roles with what they may do, and the way to the password and the second factor."""
    roles = [role for role in Role if role in roles_of(user)]
    context = {
        "roles": [(ROLE_LABELS[role], clauses(_may(role))) for role in roles],
        "second_factor": has_second_factor(user),
        "needed": needs_second_factor(user),
        "codes_left": codes_left(user),
    }
    return render(request, "account/account.html", context)


def _may(role: Role) -> list[str]:
    return [str(label) for capability, label in CAPABILITY_LABELS.items() if capability in ROLES[role]]


@require_http_methods(["GET", "HEAD", "POST"])
@own(fresh=True)
def password_change(request: HttpRequest, user: User) -> HttpResponse:
    """A new password; the other sessions of the user end."""
    form = SetPasswordForm(user, request.POST or None)
    if form.is_valid():
        set_password(user=user, password=form.cleaned_data["new_password1"], by=user)
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. Wherever else you were signed in you are no longer."))
        return redirect("account")
    return render(request, "account/password.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@own()
def second_factor(request: HttpRequest, user: User) -> HttpResponse:
    """Adding an app as second factor."""
    if has_second_factor(user):
        return redirect("account")
    return enrolled(request, user, then=reverse("account"))


@require_http_methods(["GET", "HEAD", "POST"])
@own(fresh=True)
def recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    """New recovery codes in place of those that are left; they are shown in answer to the button, and never again."""
    if not has_second_factor(user):
        return redirect("account")
    if request.method != "POST":
        return render(request, "account/renew_codes.html", {"codes_left": codes_left(user)})
    return render(request, "account/recovery_codes.html", {"codes": renew_codes(user=user), "next": reverse("account")})


@require_http_methods(["GET", "HEAD", "POST"])
@own(fresh=True)
def second_factor_remove(request: HttpRequest, user: User) -> HttpResponse:
    """Doing without a second factor; whoever needs one has to add another at once."""
    if not has_second_factor(user):
        return redirect("account")
    if request.method != "POST":
        return render(request, "account/remove.html", {"needed": needs_second_factor(user)})
    remove(user=user)
    request.session.cycle_key()
    messages.success(request, _("You sign in with your password alone now."))
    return redirect("account")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_password(request: HttpRequest) -> HttpResponse:
    """Asks for the password once more, of those too who are half-way through signing in."""
    user = request.user if isinstance(request.user, User) else half_signed_in(request)
    if user is None:
        return redirect_to_login(next_page(request))
    return confirmed(request, user, then=next_page(request))
