"""Schemathesis asks what the document allows, and much that it does not: no answer breaks its word, and none fails.

Of everything there is a little here; `make soak` asks for every edge of every operation, some ten minutes long.
"""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import schemathesis.engine
from django.test.testcases import QuietWSGIRequestHandler
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events

from claims.permissions import Role
from claims.services.tokens import make_token
from tests import factories as make
from tests.admin.world import make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_django]


@pytest.fixture(autouse=True)
def _answers_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Head and body leave together: apart, the second waits forty milliseconds for the receipt of the first."""
    monkeypatch.setattr(QuietWSGIRequestHandler, "wbufsize", -1)
    monkeypatch.setattr(QuietWSGIRequestHandler, "disable_nagle_algorithm", True)


THOROUGHLY = os.environ.get("API_THOROUGHLY") == "yes"
# Seconds that a busy machine may take for one answer.
PATIENCE = 60
# One request after another, each with what the one before answered, takes its time.
PHASES = {"fuzzing", "stateful"} if THOROUGHLY else {"fuzzing"}
# What a schema cannot say: that a text names a record or is a date (400), what the rules refuse (422), versions.
REFUSED = ["2xx", "304", "400", "401", "403", "404", "412", "422", "428"]
# A version that nobody has is told before what else is wrong.
WRONG = ["400", "401", "403", "404", "405", "406", "412", "415", "422", "428"]
CHECKS = {
    "positive_data_acceptance": {"expected-statuses": REFUSED},
    "negative_data_rejection": {"expected-statuses": WRONG},
    "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "406", "428"]},
}


def run(address: str, *, phases: set[str], examples: int, path: str = "") -> Counter[int]:
    """Ask, and return how often each status was answered. Fails with every request that was answered wrongly."""
    _token, secret = make_token(user=make.make_user(Role.ADMINISTRATOR), days=1)
    configuration = {
        "seed": 20160920,
        "headers": {"Authorization": f"Token {secret}"},
        "generation": {"max-examples": examples, "deterministic": True, "database": "none", "no-shrink": True},
        "checks": CHECKS,
        "request-timeout": PATIENCE,
        "phases": {name: {"enabled": name in phases} for name in ("examples", "coverage", "fuzzing", "stateful")},
    }
    config = SchemathesisConfig.from_dict(configuration)
    document: Any = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json", config=config, timeout=PATIENCE)
    answered: Counter[int] = Counter()
    failures: dict[str, None] = {}
    for event in schemathesis.engine.from_schema(document.include(path_regex=path) if path else document).execute():
        if isinstance(event, events.ScenarioFinished):
            answered.update(each.response.status_code for each in event.recorder.interactions.values() if each.response)
            failures.update(dict.fromkeys(told(event)))
        elif isinstance(event, events.NonFatalError):
            failures[f"{event.label}: {event.value}"] = None
        elif isinstance(event, events.FatalError):
            failures[str(event.exception)] = None
    assert not failures, "\n".join([f"{len(failures)} failures", *list(failures)[:30]])
    return answered


def told(event: Any) -> Iterator[str]:
    """The checks that failed, each with what was asked."""
    for key, nodes in event.recorder.checks.items():
        case = event.recorder.cases[key].value
        sent = {name: str(value)[:60] for name, value in (case.headers or {}).items() if name != "Authorization"}
        for node in nodes:
            if node.status == Status.FAILURE:
                asked = f"{case.method} {case.formatted_path} {case.query} {sent} {str(case.body)[:300]}"
                yield f"{node.name}: {asked}\n    {node.failure_info.failure}"


def test_every_operation_keeps_to_the_document(live_server: Any) -> None:
    make_world()
    answered = run(live_server.url, phases=PHASES, examples=50 if THOROUGHLY else 2)
    assert answered[200]
    assert answered[401]
    assert answered[422]
    assert not any(status >= 500 for status in answered)


def test_every_edge_of_what_is_described_is_kept(live_server: Any) -> None:
    make_world()
    path = "" if THOROUGHLY else r"/(topics/\{uid\}/|\{uid\}/comparison/)$"
    answered = run(live_server.url, phases={"examples", "coverage"}, examples=5, path=path)
    # Records are named as Schemathesis likes: whether one of them is there depends on how it draws.
    assert sum(answered.values()) > 100
    assert {400, 404, 405, 422, 428} <= answered.keys()
    assert not any(status >= 500 for status in answered)
