"""`manage.py suspected`: the pairs as a table and as JSON, by kind and by judgement."""

import json

import pytest

from claims.domain.vocabulary import Judged
from claims.services.likenesses import judge_agents
from tests import factories as make
from tests.commands.conftest import Run

pytestmark = pytest.mark.django_db


def test_pairs_are_listed_with_what_speaks_for_them(run: Run) -> None:
    assert "No pair waits to be judged." in run("suspected")
    one, other = make.make_agent(name="Bashar al-Assad"), make.make_agent(name="بشار الأسد\u202e")
    make.make_source(title="One", url="https://a.example/1")
    make.make_source(title="Two", url="https://www.a.example/1/?utm_source=x")
    table = run("suspected")
    assert table.index("One  ~  Two  (One publication twice)") < table.index("Bashar al-Assad  ~  بشار الأسد")
    assert "\u202e" not in table
    (pair,) = json.loads(run("suspected", "--kind", "agents", "--format", "json"))
    assert [record["uid"] for record in pair["records"]] == [str(one.uid), str(other.uid)]
    assert [ground["code"] for ground in pair["grounds"]] == ["transliterated"]
    assert "No pair waits" in run("suspected", "--kind", "copies")
    judge_agents(first=one, second=other, judged=Judged.UNSURE, by=None, reason="r", command="test")
    assert "No pair waits" in run("suspected", "--kind", "agents")
    assert "Bashar al-Assad" in run("suspected", "--judged", "unsure")
