"""Bodies that attack or are broken: refused within a second of work, in a sentence, memory flat, nothing written."""

import io
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from claims.api.bodies import MOST_BYTES
from claims.services.tokens import make_token
from tests import factories as make
from tests.services.written import nothing_written

Program = Callable[..., Client]
MEGABYTE = 1024 * 1024

BROKEN: dict[str, tuple[bytes, int, str]] = {
    "no JSON": (b"name: x", 400, "line 1, column 1"),
    "cut off": (b'{"name": "x"', 400, "line 1, column 13"),
    "nested": (b"[" * 100_000, 400, "12 levels"),
    "nested and closed": (b"[" * 400 + b"]" * 400, 400, "12 levels"),
    "nested objects": (b'{"a":' * 100_000, 400, "12 levels"),
    "a NUL": (b'{"name": "a\\u0000b"}', 400, "Character 2"),
    "a NUL in a name": (b'{"a\\u0000b": "x"}', 400, "Character 2"),
    "half of a pair": (b'{"name": "a\\ud800"}', 400, "surrogate"),
    "no UTF-8": (b'{"name": "\xff"}', 400, "Byte 11"),
    "a name twice": (b'{"name": "x", "name": "y"}', 400, "twice"),
    "many names, one twice": (b"{%s}" % b",".join(b'"%d":1' % (n % 99_999) for n in range(100_000)), 400, "twice"),
    "no number": (b'{"name": NaN}', 400, "NaN"),
    "no end": (b'{"name": -Infinity}', 400, "Infinity"),
    "a long number": (b'{"name": ' + b"9" * 5_000 + b"}", 400, "400 characters"),
    "a large exponent": (b'{"name": 1e999999999}', 400, "text"),
    "a list": (b'["name"]', 400, "object"),
    "null": (b"null", 400, "object"),
    "nothing": (b"", 400, "required"),
    "an unknown field": (b'{"name": "x", "nmae": "y", "reason": "x"}', 400, "no field"),
    "a number for a text": (b'{"name": 5, "reason": "x"}', 400, "text"),
    "a text for a flag": (b'{"name": "x", "withdrawn": "yes", "reason": "x"}', 400, "true or false"),
    "no reason": (b'{"name": "x"}', 422, "reason"),
    "a blank reason": (b'{"name": "x", "reason": " "}', 422, "reason"),
    "too long a name": (b'{"name": "' + b"x" * 501 + b'", "reason": "x"}', 400, "500"),
    "one byte too many": (b" " * MOST_BYTES + b"1", 413, "1,048,576 bytes"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_body_is_refused_in_a_sentence(name: str, program: Program) -> None:
    body, status, said = BROKEN[name]
    client = program()
    with nothing_written():
        begun = time.process_time()
        response = client.generic("POST", "/api/v1/topics/", body, content_type="application/json")
        taken = time.process_time() - begun
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    problem = response.json()
    told = " ".join([problem["detail"], *(each["detail"] for each in problem.get("errors", ()))])
    assert said in told
    assert taken < 1


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_read(content_type: str, program: Program) -> None:
    response = program().generic("POST", "/api/v1/topics/", b"name=x", content_type=content_type)
    assert (response.status_code, response.json()["type"]) == (415, "/api/#not-json")


class Endless(io.RawIOBase):
    """A body that is made as it is read, and knows how much of it was."""

    def __init__(self, size: int) -> None:
        self.left, self.taken = size, 0

    def read(self, size: int = -1) -> bytes:
        taken = min(self.left, size if size >= 0 else self.left)
        self.left, self.taken = self.left - taken, self.taken + taken
        return b"x" * taken


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x"])
def test_of_a_hundred_megabytes_none_is_read(content_type: str) -> None:
    _token, secret = make_token(user=make.make_user("editor"), days=1)
    body = Endless(100 * MEGABYTE)
    client = Client(headers={"authorization": f"Token {secret}"})
    tracemalloc.start()
    begun = time.process_time()
    response = client.request(
        REQUEST_METHOD="POST",
        PATH_INFO="/api/v1/topics/",
        CONTENT_TYPE=content_type,
        CONTENT_LENGTH=str(100 * MEGABYTE),
        **{"wsgi.input": body},
    )
    taken, (_now, most) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code == 413
    assert "1,048,576 bytes" in response.json()["detail"]
    assert (body.taken, taken < 1, most < 5 * MEGABYTE) == (0, True, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("get", "/api/v1/topics", {}, 404),
        ("get", "/api/v1/no/such/", {}, 404),
        ("get", "/api/v1/topics/5/", {}, 404),
        ("get", "/api/v1/claims/%00/", {}, 404),
        ("get", "/api/v1/topics/00000000-0000-0000-0000-000000000000/", {}, 404),
        ("delete", "/api/v1/topics/", {}, 405),
        ("trace", "/api/v1/topics/", {}, 405),
        ("get", "/api/v1/topics/", {"accept": "text/html"}, 406),
        ("get", "/api/v1/topics/", {"authorization": "Token nothing"}, 401),
        ("get", "/api/v1/topics/", {"authorization": "Token"}, 401),
        ("get", "/api/v1/topics/", {"authorization": "Token \xff\xfe a"}, 401),
        ("get", "/api/v1/topics/", {"host": "elsewhere.example.org"}, 400),
    ],
)
def test_every_problem_is_one_that_programs_read(
    method: str, address: str, headers: dict[str, str], status: int, program: Program
) -> None:
    response = getattr(program(), method)(address, headers=headers)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    problem = response.json()
    assert (problem["status"], problem["detail"].endswith(".")) == (status, True)
    assert problem["type"].startswith("/api/#")
    if status == 405:
        assert response["Allow"] == "GET, POST, HEAD, OPTIONS"
    if status == 401:
        assert response["WWW-Authenticate"] == "Token"


@pytest.mark.django_db
def test_what_fails_here_is_a_problem_too(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any, **_keywords: Any) -> None:
        raise RuntimeError("a secret")

    client = program()
    client.raise_request_exception = False
    monkeypatch.setattr("claims.api.lists.page_of", fail)
    response = client.get("/api/v1/topics/")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_sentences_are_in_the_readers_language(program: Program) -> None:
    response = program().get("/api/v1/topics/?size=0", headers={"accept-language": "ar"})
    assert "الصفحة" in response.json()["detail"]


def test_too_much_in_a_minute_is_told_when_to_go_on(settings: Any, program: Program) -> None:
    """Counted by user, or by the address of the connection: what a header says of that, anybody can write."""
    settings.API_RATES, settings.PUBLIC_READ = {"readers": "2/min", "users": "2/min"}, True
    for client in (program(), program(), Client()):
        responses = [client.get("/api/v1/topics/", headers={"x-forwarded-for": f"10.0.0.{n}"}) for n in range(3)]
        assert [response.status_code for response in responses] == [200, 200, 429]
        assert 0 < int(responses[2]["Retry-After"]) <= 60


def test_wrong_tokens_are_not_looked_at_for_ever(program: Program) -> None:
    client, right = Client(headers={"authorization": "Token prov_wrong"}), program()
    statuses = [client.get("/api/v1/topics/").status_code for _number in range(31)]
    assert statuses == [401] * 30 + [429]
    assert right.get("/api/v1/topics/").status_code == 429
