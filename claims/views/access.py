"""Who may open a page: every view carries one decorator that asks the table of roles."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from claims.permissions import Capability, NotAllowed, may

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(
    capability: Capability = Capability.READ, *, asking: Mapping[str, Capability] | None = None
) -> Callable[[View[P]], View[P]]:
    """A page for reading: GET and HEAD only, and only for those who have the capability.

    `asking` names parameters that need another capability besides. Whoever has not signed in is sent to sign in;
    whoever has, and may not, gets the page that says which role may.
    """

    def guarded(view: View[P]) -> View[P]:
        @require_safe
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            needed = [capability, *(own for name, own in (asking or {}).items() if name in request.GET)]
            missing = next((each for each in needed if not may(request.user, each)), None)
            if missing is None:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise NotAllowed(missing)

        return checked

    return guarded
