"""Taking an app as second factor: its secret as a picture and as text, a code of it, and the recovery codes, once."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import django_otp
import segno
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from claims.models import User
from claims.services.second_factor import add, address_of, new_secret
from claims.views.account_forms import CodeForm
from claims.views.confirmation import confirm_first, is_fresh

# The secret waits in the session until the app has shown a code: only then is it the user's.
SECRET = "second_factor_secret"  # noqa: S105 - the name of a key


def enrolled(request: HttpRequest, user: User, *, then: str) -> HttpResponse:
    """The page on which the user adds an app, and after the right code the one with the recovery codes.

    `then` is where the user goes from there. Asks for the password first, unless it was typed a moment ago.
    """
    if not is_fresh(request):
        return confirm_first(request)
    secret = request.session.setdefault(SECRET, new_secret())
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            device, codes = add(user=user, secret=secret, code=form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            del request.session[SECRET]
            let_in(request, user, device)
            return render(request, "account/recovery_codes.html", {"codes": codes, "next": then})
    return render(request, "account/enrol.html", {"form": form, "next": then, **shown(user, secret)})


def let_in(request: HttpRequest, user: User, device: Any) -> None:
    """Put down in the session that the second factor was shown; under a new key, for it may do more now."""
    request.session.cycle_key()
    request.user = user
    django_otp.login(request, device)


def shown(user: User, secret: str) -> dict[str, str]:
    """The secret as a picture (SVG, black on white in either mode) and as text in groups of four."""
    picture = segno.make(address_of(user=user, secret=secret), error="m", micro=False)
    text = b32encode(bytes.fromhex(secret)).decode()
    return {
        "picture": mark_safe(picture.svg_inline(scale=5, border=4, light="white", dark="black", omitsize=False)),  # noqa: S308 - squares only
        "secret": " ".join(text[start : start + 4] for start in range(0, len(text), 4)),
    }
