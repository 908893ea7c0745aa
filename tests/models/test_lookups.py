"""`among`: one of many keys or texts, as `in` finds them, on both databases."""

from typing import Any

import pytest

from claims.models import Agent, AgentName, Source
from tests import factories as make


@pytest.mark.django_db
def test_among_finds_what_in_finds() -> None:
    agents = [make.make_agent(name=name) for name in ('\'{"a",NULL}\\', "b", "c", "d")]
    keys = [agent.pk for agent in agents]
    source = make.make_source(url="https://example.org/'(a,NULL)")
    for asked in ([], keys[:1], keys[::2], [*keys, *keys], [0], {*keys}):
        for query in (Agent.objects.order_by("pk"), AgentName.objects.order_by("pk")):
            field = "pk" if query.model is Agent else "agent"
            found = query.filter(**{f"{field}__among": asked})
            assert list(found) == list(query.filter(**{f"{field}__in": asked}))
    assert list(Agent.objects.filter(name__among=[agents[0].name, "nobody’s", "{NULL}"])) == [agents[0]]
    assert Source.objects.get(url__among=[source.url, "", "\\"]) == source
    assert list(Agent.objects.filter(uid__among=[agents[0].uid, source.uid])) == [agents[0]]
    assert list(Agent.objects.exclude(pk__among=keys[1:]).filter(pk__among=keys)) == [agents[0]]


@pytest.mark.django_db
def test_among_none_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert not list(Agent.objects.filter(pk__among=[]))
