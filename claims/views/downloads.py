"""Downloads of the list of claims: the claims that its filters choose, in every format, and what they are."""

import json
import tempfile
from collections.abc import Iterable
from typing import Any, cast

from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.filters import Asked
from claims.interchange.about import about_claims
from claims.interchange.downloads import downloads_of
from claims.interchange.formats import LIST, Format, formats_of
from claims.interchange.scope import Scope, TooMuch
from claims.interchange.tables.rows import TableRefused
from claims.ledger.entries import snapshot
from claims.ledger.events import record
from claims.models import User
from claims.permissions import Capability, require
from claims.views.access import page
from claims.wording import plain


@page(Capability.EXPORT)
def claim_download(request: HttpRequest, name: str) -> HttpResponseBase:
    """The claims of the list in one format. What is asked for is on record before anything of it is read."""
    chosen = formats_of(LIST).get(name)
    if chosen is None:
        raise Http404(_("Claims are not exported in this format."))
    for capability in chosen.needs:
        require(cast("User", request.user), capability)
    asked = _asked(request)
    file = f"claims-{timezone.now():%Y%m%d-%H%M%S}.{chosen.extension}"
    if request.method == "HEAD":
        return _headed(HttpResponse(content_type=chosen.media_type), file, asked)
    query = asked.selection
    detail = {"format": chosen.name, "query": query}
    record(kind="export", user_id=request.user.pk, name=request.user.get_username(), detail=detail)
    return _headed(
        _response(chosen, Scope(rows=asked.filters.qs, about=_about(asked) if chosen.tells else {})), file, asked
    )


@page(Capability.EXPORT)
def claim_download_about(request: HttpRequest) -> HttpResponseBase:
    """What a download of this list is: its filter in words, the time and the newest checkpoint."""
    text = json.dumps(_about(_asked(request)), ensure_ascii=False, indent=2)
    response = HttpResponse(f"{text}\n", content_type="application/json; charset=utf-8")
    file = f"claims-{timezone.now():%Y%m%d-%H%M%S}.about.json"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _asked(request: HttpRequest) -> Asked:
    """The filters of the address. Raises BadRequest for what is not understood: nothing is exported by mistake."""
    asked = Asked.of(request.GET)
    if not asked.is_valid:
        unknown = [_("There is no filter “%(name)s”. Remove it from the address.") % {"name": n} for n in asked.unknown]
        errors: Iterable[list[str]] = asked.filters.form.errors.values()
        wrong = [sentence for sentences in errors for sentence in sentences]
        raise BadRequest(" ".join([*unknown, *asked.mistakes, *map(str, wrong)]))
    return asked


def _about(asked: Asked) -> dict[str, Any]:
    filters = [(each.label, each.value) for each in asked.active()]
    return about_claims(asked.filters.qs, filters=filters, query=asked.selection)


def _response(chosen: Format, scope: Scope) -> HttpResponseBase:
    """The file as it is made; one that cannot be read before it is whole is made first, on disk."""
    if chosen.pieces is not None:
        return StreamingHttpResponse(chosen.pieces(scope), content_type=chosen.media_type)
    made = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        with snapshot():
            chosen.write(scope, made)
    except (TableRefused, TooMuch) as refused:
        made.close()
        raise BadRequest(plain(str(refused))) from None
    made.seek(0)
    return FileResponse(made, content_type=chosen.media_type)


def _headed(response: HttpResponseBase, file: str, asked: Asked) -> HttpResponseBase:
    """Name the file, and say where it is told what it is (RFC 8288, the registered relation `describedby`)."""
    about = downloads_of(asked.selection).about
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Link"] = f'<{about}>; rel="describedby"; type="application/json"'
    return response
