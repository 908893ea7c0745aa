"""A topic: its note and its questions, each with who says what."""

from uuid import UUID

from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from claims.models import Topic
from claims.queries.overview import summaries
from claims.queries.question_lists import questions_by_topic, states_of
from claims.views.access import page
from claims.views.links import topic_link
from claims.views.places import page_links, places, refuse_unknown
from claims.views.questions_shown import shown_question
from claims.views.record_downloads import downloads


@page()
def topic(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The questions of a topic by their text."""
    refuse_unknown(request, [])
    found = get_object_or_404(Topic.objects.current(), uid=uid)
    try:
        shown = questions_by_topic(found, **places(request))
    except ObjectDoesNotExist:
        raise BadRequest(_("The page to begin at names a question that is not here.")) from None
    states = states_of(shown)
    link = topic_link(found)
    texts = {"": found.name, **found.translations}
    context = {
        "topic": found,
        "link": link,
        "downloads": downloads("topics", found),
        "other_names": [(language, text) for language, text in texts.items() if text and text != link.text],
        "questions": [shown_question(each).in_its_topic for each in summaries(states)],
        **page_links(request, shown, [str(each.question.uid) for each in states]),
    }
    return render(request, "pages/topic.html", context)
