"""What holds for every request and response: the methods that there are, what a page may load, what is not kept."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseServerError

# Scripts and styles come from our own files only, never from within a page. Django 6 can send such a header
# itself; Django 5.2 cannot, and both are supported.
DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(DIRECTIVES)
# No page uses any of these; what a script of ours could ask for, one that got in could too.
POWERS = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
    "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{power}=()" for power in POWERS)


METHODS = ("GET", "HEAD", "POST")
# The API and the feeds answer every method themselves, those that they do not have with a problem.
OF_PROGRAMS = ("/api/v1/", "/feeds/")


class KnownMethodsMiddleware:
    """Refuses methods that no page has: Django's admin would take them for GET."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in METHODS or request.path.startswith(OF_PROGRAMS):
            return self.get_response(request)
        return HttpResponseNotAllowed(METHODS)


class SecurityHeadersMiddleware:
    """Adds the headers that are not there yet; Django's SecurityMiddleware adds the others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if known(request):
            # Not in a shared cache, nor behind the back button of whoever sits down at the machine next.
            response.headers["Cache-Control"] = "private, no-store"
        # The page on which Django shows an error to a developer has its style inside.
        if not (settings.DEBUG and isinstance(response, HttpResponseServerError)):
            response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response


def known(request: HttpRequest) -> bool:
    """Whether the answer was made for somebody who has signed in, be it with the password alone so far.

    Nobody is looked up for it: an answer that did not ask who asks is the same for everybody.
    """
    session = getattr(request, "session", None)
    return session is not None and session.accessed and SESSION_KEY in session
