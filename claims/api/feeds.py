"""Atom feeds (RFC 4287): questions that became contested, or stopped; of all topics, or of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.api.answers import JsonAnswer, tag_of
from claims.api.base import ApiView
from claims.api.schema import Operation
from claims.models import Topic
from claims.queries.names import translated
from claims.queries.turns import ToldTurn, last_turns
from claims.wording import isolated, plain

ATOM = "application/atom+xml; charset=utf-8"


class ContestedFeed(ApiView):
    """The feed; whoever may read the pages may read it, a program by its token."""

    schema: Any = None

    def operation(self, method: str) -> Operation | None:
        """Reading; the document is of JSON, and does not have it."""
        return Operation("read_feed", "Read the feed") if method in {"GET", "HEAD"} else None

    def perform_content_negotiation(self, request: Any, force: bool = False) -> tuple[Any, str]:
        """There is one form alone; problems are JSON."""
        return JsonAnswer(), JsonAnswer.media_type

    def get(self, request: Any, uid: UUID | None = None) -> HttpResponse:
        """The feed, or 304. Raises `Http404` where there is no such topic."""
        topic = None if uid is None else Topic.objects.current().filter(uid=uid).first()
        if uid is not None and topic is None:
            raise Http404
        turns = last_turns(topic)
        body = written(request, topic, turns)
        response: Any = HttpResponse(body, content_type=ATOM)
        tag, last = tag_of(body, None), int(turns[0].at.timestamp()) if turns else None
        response.headers["ETag"] = tag
        if last is not None:
            response.headers["Last-Modified"] = http_date(last)
        # By the tag: the words of an entry follow the records, while the moment of its turn stays.
        found: Any = get_conditional_response(request, tag, None, response)
        return found  # type: ignore[no-any-return]


def written(request: Any, topic: Topic | None, turns: list[ToldTurn]) -> bytes:
    """The feed as XML. Its identifiers stay: those of topic and turns."""
    page = reverse("question_list") + "?state=contested" if topic is None else reverse("topic", args=[topic.uid])
    name = "" if topic is None else plain(isolated(translated(topic.name, topic.translations)))
    feed = Atom1Feed(
        title=_("Contested: %(topic)s") % {"topic": name} if name else _("Contested questions"),
        subtitle=_("Questions that became contested, or stopped."),
        link=request.build_absolute_uri(page),
        description="",
        feed_url=request.build_absolute_uri(request.path),
        feed_guid=f"urn:uuid:{topic.uid}" if topic else request.build_absolute_uri(request.path),
        author_name=_("Provenance"),
        language=get_language(),
    )
    for turn in turns:
        address = request.build_absolute_uri(reverse("question", args=[turn.question.uid]))
        feed.add_item(
            title=(_("Contested: %(question)s") if turn.contested else _("No longer contested: %(question)s"))
            % {"question": turn.text},
            link=address,
            description=said(turn),
            unique_id=f"urn:uuid:{turn.uid}",
            pubdate=turn.at,
            updateddate=turn.at,
            categories=[turn.topic] if turn.topic else [],
        )
    text: str = feed.writeString("utf-8")
    return text.encode()


def said(turn: ToldTurn) -> str:
    """The entry in a sentence."""
    if not turn.contested:
        return _("No claims that stand exclude each other on this question any more.")
    return turn.reason or _("Claims that stand came to exclude each other on this question.")
