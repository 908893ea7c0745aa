"""What docs/api.md shows is run as it stands there, against a desk that listens."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from claims.models import Attribution, Claim
from claims.permissions import Role
from claims.services.tokens import make_token
from tests import factories as make

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
SHELL = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_the_examples_do_what_they_say(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    question = make.make_quantity_question(text="How many?")
    for number in (200, 900):
        make.make_quantity(question, number)
    _token, secret = make_token(user=make.make_user(Role.EDITOR), days=1)
    monkeypatch.setenv("TOKEN", secret)
    monkeypatch.setenv("DESK", live_server.url)
    reading, framing, recording, changing = PYTHON
    names: dict[str, Any] = {
        "source": str(make.make_source().uid),
        "speaker": str(make.make_agent().uid),
        "question": str(question.uid),
    }
    exec(reading, names)  # noqa: S102 - it is what the documentation shows
    assert [claim["answer"] for claim in names["claims"]] == ["900", "200"]
    exec(recording, names)  # noqa: S102
    assert names["made"].status_code == 201, names["made"].text
    exec(changing, names)  # noqa: S102
    assert names["changed"].status_code == 200, names["changed"].text
    assert Claim.objects.get(external_id="desk-17").answer == "~300"
    assert Attribution.objects.filter(claims__external_id="desk-17").exists()
    # The columns that it names are there, whoever makes the frame.
    first = names["claims"][0]
    assert {"question_text", "answer", "speaker_name"} <= set(first)
    assert {"question_text", "answer", "speaker_name"} <= set(re.findall(r'"(\w+)"', framing))
    assert first["derived"]["state"] == "contested"


@pytest.mark.django_db
def test_the_line_of_curl_answers() -> None:
    """Read as a shell reads it, and asked without the program, which not every machine has."""
    make.make_quantity_question()
    _token, secret = make_token(user=make.make_user(Role.RESEARCHER), days=1)
    (line,) = SHELL
    program, _header, header, address = shlex.split(line.replace("$TOKEN", secret).replace("$DESK", ""))
    assert program == "curl"
    name, _colon, value = header.partition(": ")
    assert Client(headers={name: value}).get(address).status_code == 200
