"""What goes wrong, as a program reads it: `application/problem+json` (RFC 9457), each in a sentence and with a code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions

from claims.services.recording import LinesRefused, Part
from claims.wording import plain

MEDIA_TYPE = "application/problem+json"
# Where each kind of problem is described.
DESCRIBED_AT = "/api/#"


class Kind(Enum):
    """The kinds of problems: code, status, and title. The code is the last part of `type`."""

    MALFORMED = ("malformed", 400, gettext_lazy("The request cannot be read"))
    INVALID = ("invalid", 400, gettext_lazy("The request is not as the document says"))
    NOT_SIGNED_IN = ("not-signed-in", 401, gettext_lazy("Nobody is signed in"))
    NOT_ALLOWED = ("not-allowed", 403, gettext_lazy("Not allowed"))
    NOT_FOUND = ("not-found", 404, gettext_lazy("Not found"))
    NO_SUCH_METHOD = ("no-such-method", 405, gettext_lazy("The address does not have this method"))
    NOT_ACCEPTABLE = ("not-acceptable", 406, gettext_lazy("Only JSON is answered"))
    STALE = ("stale", 412, gettext_lazy("Changed in the meantime"))
    TOO_LARGE = ("too-large", 413, gettext_lazy("The body is too large"))
    NOT_JSON = ("not-json", 415, gettext_lazy("Only JSON is read"))
    REFUSED = ("refused", 422, gettext_lazy("Understood, and refused"))
    VERSION_NEEDED = ("version-needed", 428, gettext_lazy("The version is wanting"))
    TOO_MANY = ("too-many", 429, gettext_lazy("Too many requests"))
    UNEXPECTED = ("unexpected", 500, gettext_lazy("Something failed here"))
    UNAVAILABLE = ("unavailable", 503, gettext_lazy("The database is busy, or does not answer"))

    def __init__(self, code: str, status: int, title: Promise) -> None:
        self.code = code
        self.status = status
        self.title = title


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: at a JSON Pointer (RFC 6901) into the body, or in a parameter; `detail` a sentence."""

    detail: str
    pointer: str = ""
    parameter: str = ""

    def as_json(self) -> dict[str, str]:
        """The members of a problem's `errors`."""
        where = {"parameter": self.parameter} if self.parameter else {"pointer": self.pointer}
        return {**where, "detail": plain(self.detail)}


class Problem(Exception):  # noqa: N818 - it answers a person
    """What the answer says instead of what was asked; `members` are further members of the document."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    def answer(self) -> HttpResponse:
        """The document, with its status and headers."""
        body = {
            "type": DESCRIBED_AT + self.kind.code,
            "title": str(self.kind.title),
            "status": self.kind.status,
            "detail": plain(self.detail),
            **({"errors": [fault.as_json() for fault in self.faults]} if self.faults else {}),
            **self.members,
        }
        text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return HttpResponse(text, status=self.kind.status, content_type=MEDIA_TYPE, headers=self.headers)


@dataclass
class Places:
    """Where the parts of a service's refusal stand in the body that was sent: (kind, number) to a JSON Pointer.

    The number of an attribution in a batch is left out: a request records one. Fields that are called otherwise in
    the body are renamed.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def pointer(self, part: Part | None, name: str) -> str:
        """The pointer to a field of a part; to the body itself where neither is known."""
        before = ""
        if part is not None:
            before = self.parts.get(part[1], "").format(part[2])
        if name in {"", "__all__"}:
            return before
        return f"{before}/{self.names.get(name, name)}"


def refused(error: ValidationError, places: Places) -> Problem:
    """What a service refused, each sentence at its field."""
    faults = list(_faults(error, places))
    detail = faults[0].detail if len(faults) == 1 else _("This cannot be recorded so. Each error says why.")
    return Problem(Kind.REFUSED, detail, faults=faults)


def _faults(error: ValidationError, places: Places) -> Iterator[Fault]:
    if isinstance(error, LinesRefused):
        for part, own in error.parts.items():
            yield from _of_fields(own, places, part)
    else:
        yield from _of_fields(error, places, None)


def _of_fields(error: ValidationError, places: Places, part: Part | None) -> Iterator[Fault]:
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, sentences in fields.items():
        for sentence in sentences:
            yield Fault(str(sentence), pointer=places.pointer(part, name))


# --- what the framework raises ----------------------------------------------------------------------------------------


def answer_of(error: Exception, _context: Mapping[str, Any]) -> HttpResponse | None:
    """The answer to an exception, as the framework's handler of them; None for one that nobody expected."""
    problem = problem_of(error)
    return problem.answer() if problem else None


def problem_of(error: Exception) -> Problem | None:
    """The problem that an exception is; None for one that nobody expected."""
    problem: Problem | None = None
    match error:
        case Problem():
            problem = error
        case BadRequest():
            problem = Problem(Kind.INVALID, str(error))
        case Http404() | exceptions.NotFound():
            problem = Problem(Kind.NOT_FOUND, _("There is no record of this identifier here."))
        case PermissionDenied() | exceptions.PermissionDenied():
            problem = Problem(Kind.NOT_ALLOWED, str(error) or _("You may not do this."))
        case ValidationError():
            problem = refused(error, Places())
        case exceptions.ValidationError():
            problem = invalid(error)
        case exceptions.APIException():
            problem = _of_framework(error)
    return problem


def invalid(error: Any) -> Problem:
    """What the fields of a body refuse: 400, or 422 where all that is wrong is that something named is not there."""
    faults = list(_pointed(error.detail, ""))
    codes = set(_leaves(error.get_codes()))
    kind = Kind.REFUSED if codes <= {"unknown_record", "withdrawn_record"} else Kind.INVALID
    detail = faults[0].detail if len(faults) == 1 else _("Some fields are not as they should be. Each error says why.")
    return Problem(kind, detail, faults=faults)


def _pointed(detail: Any, pointer: str) -> Iterator[Fault]:
    """The leaves of the framework's errors with the pointer to each."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = pointer if name == "non_field_errors" else f"{pointer}/{_escaped(str(name))}"
            yield from _pointed(inner, own)
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            if isinstance(inner, Mapping | list):
                yield from _pointed(inner, f"{pointer}/{place}")
            else:
                yield Fault(str(inner), pointer=pointer)
    else:
        yield Fault(str(detail), pointer=pointer)


def _leaves(codes: Any) -> Iterable[str]:
    if isinstance(codes, Mapping):
        codes = list(codes.values())
    if isinstance(codes, list):
        return [leaf for each in codes for leaf in _leaves(each)]
    return [str(codes)]


def _escaped(name: str) -> str:
    """A name within a JSON Pointer (RFC 6901, section 4)."""
    return name.replace("~", "~0").replace("/", "~1")


def _of_framework(error: Any) -> Problem:
    detail, headers = str(error.detail), {}
    kind = next((kind for kind in Kind if kind.status == error.status_code), Kind.INVALID)
    match error:
        case exceptions.NotAuthenticated():
            detail = _("Sign in, or send a token: “Authorization: Token …”. Tokens are made on your account page.")
        case exceptions.MethodNotAllowed():
            detail = _("This address does not have the method %(method)s.") % {"method": error.args[0]}
        case exceptions.NotAcceptable():
            detail = _("Only application/json is answered here. Ask for it, or leave “Accept” out.")
        case exceptions.UnsupportedMediaType():
            detail = _("Only application/json is read here. Send it with “Content-Type: application/json”.")
        case exceptions.Throttled():
            seconds = max(1, round(error.wait or 1))
            headers["Retry-After"] = str(seconds)
            detail = _("Too many requests in a short time. Try again in %(seconds)d seconds.") % {"seconds": seconds}
    if kind is Kind.NOT_SIGNED_IN:
        headers["WWW-Authenticate"] = "Token"
    return Problem(kind, detail, headers=headers)
