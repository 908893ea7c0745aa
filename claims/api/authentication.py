"""Who asks: whoever a token belongs to, or whoever has signed in to the site in this browser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header

from claims.api.throttling import count_failure, refuse_after_failures
from claims.models import User
from claims.services.tokens import user_of

SCHEME = "Token"
BEFORE_US = b"basic"
PARTS = 2


class TokenAuthentication(BaseAuthentication):  # type: ignore[misc]
    """``Authorization: Token <secret>``.

    Wrong tokens are not on record and count for no pause at the door: with 256 random bits in each there is nothing to
    guess. So many of them from one address in a minute, and the next is not looked up any more.
    """

    def authenticate(self, request: Any) -> tuple[User, str] | None:
        """The user; None where no token is sent. Raises `AuthenticationFailed`.

        `Basic` is not meant for us: a browser sends it along where a server in front of us has asked for it.
        """
        header = get_authorization_header(request).split()
        scheme = header[0].lower() if header else BEFORE_US
        if scheme == BEFORE_US:
            return None
        if scheme != SCHEME.lower().encode():
            raise exceptions.AuthenticationFailed(
                _("Only tokens are understood: “Authorization: Token …”. Send yours so, or leave the header out.")
            )
        refuse_after_failures(request)
        user = user_of(header[1].decode("ascii", "replace")) if len(header) == PARTS else None
        if user is None:
            count_failure(request)
            raise exceptions.AuthenticationFailed(
                _("This token is unknown, has expired or was revoked. Make a new one on your account page.")
            )
        return user, SCHEME

    def authenticate_header(self, request: Any) -> str:
        """What a 401 says is wanted."""
        return SCHEME


class BrowserAuthentication(SessionAuthentication):  # type: ignore[misc]
    """The session of a browser; what writes has to carry the token against forged requests (`X-CSRFToken`)."""


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document describes tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The scheme: OpenAPI knows this one as a header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` and the secret, which is made on the account page and shown once: `Token prov_…`",
        }


class BrowserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document describes sessions."""

    target_class = BrowserAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The scheme: a cookie."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Whoever has signed in to the site in this browser. Writing needs `X-CSRFToken` besides.",
        }
