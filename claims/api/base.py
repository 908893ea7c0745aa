"""What all views of the API share: the order in which a request is looked at, who may, and what its answers carry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.views import APIView

from claims.api.answers import JsonAnswer
from claims.api.authentication import BrowserAuthentication, TokenAuthentication
from claims.api.bodies import JsonBody, refuse_unread
from claims.api.problems import Fault, Kind, Problem, answer_of
from claims.api.schema import ApiSchema, Operation
from claims.api.throttling import ReadersThrottle, UsersThrottle
from claims.models import User
from claims.permissions import Capability, NotAllowed, may

LONGEST_REASON = 2000


class ApiView(APIView):  # type: ignore[misc]
    """A view: `operations` says by method who may and what the document tells."""

    renderer_classes = [JsonAnswer]
    parser_classes = [JsonBody]
    authentication_classes = [TokenAuthentication, BrowserAuthentication]
    permission_classes: list[Any] = []
    throttle_classes = [ReadersThrottle, UsersThrottle]
    metadata_class = None
    schema = ApiSchema()
    # No form of an answer is asked for by the end of an address.
    format_kwarg = None

    operations: ClassVar[Mapping[str, Operation]] = {}

    def known(self) -> Collection[str]:
        """The parameters that reading here has."""
        return ()

    def operation(self, method: str) -> Operation | None:
        """What the method does here; None where there is no such method."""
        return self.operations.get("GET" if method == "HEAD" else method)

    @property
    def allowed_methods(self) -> list[str]:
        """The methods of this address, for `Allow`."""
        methods = [name for name in ("GET", "POST", "PUT", "PATCH") if self.operation(name)]
        return [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]

    def get_exception_handler(self) -> Any:
        """Ours, whatever the settings say."""
        return answer_of

    def initial(self, request: Any, *_arguments: Any, **_keywords: Any) -> None:
        """Look at the method, then at the headers, and only then at who asks: nothing large is read for nobody."""
        if request.method != "OPTIONS" and self.operation(request.method) is None:
            raise exceptions.MethodNotAllowed(request.method)
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            refuse_unread(request._request)
        self.perform_authentication(request)
        self.check_throttles(request)
        self.check_permissions(request)
        refuse_unknown(request, self.known() if request.method in {"GET", "HEAD"} else ())

    def check_permissions(self, request: Any) -> None:
        """Ask the table of roles. Raises `NotAuthenticated`, `NotAllowed`."""
        operation = self.operation(request.method)
        if operation is None:
            return
        for capability in operation.needs(request.GET):
            self.require(request, capability)

    def require(self, request: Any, capability: Capability | None) -> None:
        """Raise `NotAuthenticated` or `NotAllowed` unless whoever asks has the capability; None is for everybody."""
        if capability is None or may(request.user, capability):
            return
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        raise NotAllowed(capability)

    def options(self, _request: Any, *_arguments: Any, **_keywords: Any) -> HttpResponse:
        """Which methods there are."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def finalize_response(self, request: Any, response: HttpResponse, *arguments: Any, **keywords: Any) -> HttpResponse:
        """Besides, what caches have to know."""
        finished: HttpResponse = super().finalize_response(request, response, *arguments, **keywords)
        patch_vary_headers(finished, ("Authorization", "Accept-Language"))
        # What was made for somebody is for nobody else; what is open to all is asked for again by its tag.
        # Only where it was asked who asks: what is refused for its headers looks nobody up.
        known = hasattr(request, "_user") and request.user.is_authenticated
        finished.headers.setdefault("Cache-Control", "private, no-store" if known else "no-cache")
        return finished

    def acting(self, request: Any) -> User:
        """Who writes."""
        user: User = request.user
        return user


def refuse_unknown(request: HttpRequest, known: Collection[str]) -> None:
    """Raise `Problem` (400) for parameters that are not there, or say nothing: both would be passed over."""
    sentence = _("There is no parameter “%(name)s” here. Take it out of the address.")
    faults = [Fault(sentence % {"name": name}, parameter=name) for name in request.GET if name not in known]
    empty = _("“%(name)s” is empty. Say what is asked for, or take it out of the address.")
    faults += [Fault(empty % {"name": name}, parameter=name) for name in known if "" in request.GET.getlist(name)]
    if faults:
        raise Problem(Kind.INVALID, faults[0].detail, faults=faults)


def reason_of(request: Any, body: Mapping[str, Any]) -> str:
    """Why: the field `reason`, or else the header `Change-Reason`; empty where neither says."""
    return str(body.get("reason") or "") or _of_header(request.headers.get("Change-Reason", ""))


def _of_header(text: str) -> str:
    """A header's text: programs send UTF-8, which a server hands on letter by letter."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text
