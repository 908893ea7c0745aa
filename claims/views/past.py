"""Pages as recorded on a moment: what `recorded_on` in an address means, and the same page read of that moment."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from claims.permissions import Capability
from claims.queries.dates import recorded_by
from claims.queries.recorded import as_recorded_on

RECORDED_ON = "recorded_on"
ASKING = {RECORDED_ON: Capability.READ_HISTORY}
"""Which parameter needs more than the page itself: the past is history."""

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def also_in_the_past(view: View[P]) -> View[P]:
    """A page that `recorded_on` asks for as it was when that day, minute or second ended, read by the same view.

    What is no such moment, or is still to come, is answered 400; a record that was not on record then, 404.
    """

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        written = request.GET.get(RECORDED_ON, "").strip()
        if not written:
            return view(request, *args, **kwargs)
        try:
            until = recorded_by(written)
        except ValidationError as error:
            raise BadRequest(error.message) from None
        with as_recorded_on(until, written=written):
            try:
                return view(request, *args, **kwargs)
            except Http404:
                return render(request, "pages/not_then.html", status=404)

    return asked
