"""Every page asks the database a fixed number of questions, however much is on record."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.sized import PUBLISHERS, Sized, make_sized
from claims.models import Agent, Claim, Question, Record, Source, Topic
from claims.permissions import Role
from tests import factories as make

FEW, MANY = 10, 400


def at(pattern: str, model: type[Record], key: str, plus: int = 0) -> Callable[[Sized], str]:
    """The address of a record of the sized data."""
    return lambda plan: pattern.format(model.objects.get(pk=getattr(plan, key) + plus).uid)


# Rows of claims, wherever they stand (16 where any is contested, 9 where none is): the states with claim, question,
# topic, attribution, source and publisher, speaker, side / wordings / options / passages / relays / names of relays /
# names of speakers / names of publishers / the contested questions' states; for their reasons the positions / the
# first claims of their speakers / the options of these / names of the speakers / options' labels / questions (agents
# and further claims only where a reason speaks of them).
PAGES: dict[str, tuple[Callable[[Sized], str], int]] = {
    # 8 states counted / contested and questioned questions / their tentative claims / 7 for names and reasons /
    # positions shown / findings / the claims changed last, and which of them are current / rows of claims
    "start": (lambda plan: "/", 36),
    # a page of questions, those with a topic and those without / these questions with state and topic /
    # 10 as on the start page / 8 states counted
    "questions": (lambda plan: "/questions/", 20),
    # the same with one walk for the page
    "questions in a state": (lambda plan: "/questions/?state=contested", 20),
    # the question / its state / number of positions / positions / first claims of each / doubts and possibles, listed
    # and counted / claims that no longer count, listed and counted, and how they stand / further positions / outcomes /
    # claims named, their options and speakers' names / labels / rows of claims / paths of options / findings
    "question": (at("/questions/{}/", Question, "question"), 31),
    # the question / the case: question, claims, their options, relays, retractions, corrections, agents, sides,
    # distinctions, links, options / as above without the tables
    "question as known on a date": (at("/questions/{}/?known_on=2030", Question, "question"), 37),
    # the page / rows of claims / their number, no further than a thousand / four choices of the filters, each of them
    # counted first (topics, sides, sources, publishers and speakers while they are few)
    "claims": (lambda plan: "/claims/", 25),
    "claims of a question": (at("/claims/?state=contested&question={}", Question, "question"), 26),
    # the number of claims with the word, no further than two thousand
    "claims with a word": (lambda plan: "/claims/?text=common", 26),
    # the claim's state / the question's state / 7 for names and reasons / claims of the same position / copies /
    # positions excluded, and their claims / links / retractions / corrections / passages / texts / rows of claims /
    # when the version was recorded, for the citation
    "claim": (at("/claims/{}/", Claim, "claim"), 33),
    # a page of sources, dated and undated / their publishers and these's names / number of claims of each
    "sources": (lambda plan: "/sources/", 5),
    # the source, its publisher's names / its texts / passages, listed and counted / locations / claims of each /
    # claims without a passage / number of claims / rows of claims / hashes without text / what it was judged to be
    "source": (at("/sources/{}/", Source, "source"), 26),
    # a page of agents / these with side and source / their names
    "agents": (lambda plan: "/agents/", 3),
    # the agent and names / who they are judged to be, with names / what they said, dated and undated / passed on /
    # the same as they / who speaks for them / rows of claims
    "agent": (at("/agents/{}/", Agent, "agent", PUBLISHERS), 25),
    # the topic / a page of its questions / these with state / 10 as on the start page
    "topic": (at("/topics/{}/", Topic, "topic"), 13),
}
# For those who have signed in: session, user and groups besides.
SIGNED_IN: dict[str, tuple[Callable[[Sized], str], int]] = {
    # the claim / its versions / versions of options and wordings / attributions with their
    # speakers' names and questions, which they name / the commands that made what no user made
    "history": (at("/claims/{}/history/", Claim, "claim"), 13),
    # the same, and the one version with its parts and the names in it
    "version": (at("/claims/{}/v/1/", Claim, "claim"), 19),
}


def asked(client: Client, address: str) -> list[str]:
    """The queries of one page."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("size", [FEW, MANY])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_a_fixed_number_of_queries(name: str, size: int, reader: Client) -> None:
    address, expected = PAGES[name]
    queries = asked(reader, address(make_sized(size)))
    assert len(queries) == expected, "\n".join(queries)


@pytest.mark.parametrize("size", [FEW, MANY])
@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_for_those_signed_in_does_too(name: str, size: int, reader: Client) -> None:
    address, expected = SIGNED_IN[name]
    reader.force_login(make.make_user(Role.RESEARCHER))
    queries = asked(reader, address(make_sized(size)))
    assert len(queries) == expected, "\n".join(queries)


@pytest.mark.parametrize("order", ["said", "said_first", "published", "published_first", "recorded"])
def test_every_order_asks_about_as_many(order: str, reader: Client) -> None:
    """A page that claims with a date do not fill is filled up with a second walk over those without."""
    make_sized(MANY)
    assert len(asked(reader, f"/claims/?sort={order}")) <= PAGES["claims"][1] + 1
