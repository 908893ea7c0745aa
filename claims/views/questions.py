"""Questions: the list by topic, and the comparison of one, now, as known on a date, as recorded on a moment."""

from uuid import UUID

from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from claims.domain.refusals import Refusal
from claims.domain.values import Moment
from claims.domain.vocabulary import State
from claims.models import Question
from claims.queries.comparisons import Reading, reading_now, reading_then
from claims.queries.dates import date_of
from claims.queries.overview import state_counts, summaries
from claims.queries.question_lists import questions_by_topic, questions_in_state, states_of
from claims.queries.recorded import past
from claims.views.access import page
from claims.views.compared import compared
from claims.views.past import ASKING, RECORDED_ON, also_in_the_past
from claims.views.places import page_links, places, refuse_unknown
from claims.views.questions_shown import counts_shown, shown_question
from claims.views.record_downloads import downloads
from claims.wording import word_date, word_refusal


@page(asking=ASKING)
@also_in_the_past
def question(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The comparison. `known_on` asks for what was known by the end of an EDTF date; what is none is answered 400."""
    refuse_unknown(request, ["known_on", RECORDED_ON])
    found = get_object_or_404(Question.objects.current().select_related("topic", "outcome_of"), uid=uid)
    asked = request.GET.get("known_on", "").strip()
    moment, error = known_on(asked)
    reading: Reading | None = None
    if not error:
        reading = reading_then(found, known_on=moment) if moment or past() else reading_now(found)
    context = {
        "known_on": asked,
        "known_on_worded": word_date(asked) if moment else "",
        "known_on_error": error,
        "downloads": downloads("questions", found),
        **compared(found, reading),
    }
    return render(request, "pages/question.html", context, status=400 if error else 200)


@page()
def question_list(request: HttpRequest) -> HttpResponse:
    """All questions by topic, or those in the state that `state` names, newest claim first."""
    refuse_unknown(request, ["state"])
    asked, place = request.GET.get("state", ""), places(request)
    try:
        state = State(asked) if asked else None
        found = questions_in_state(state, **place) if state else questions_by_topic(**place)
    except ValueError:
        raise BadRequest(_("There is no state “%(state)s”.") % {"state": asked}) from None
    except ObjectDoesNotExist:
        raise BadRequest(_("The page to begin at names a question that is not here.")) from None
    states = states_of(found)
    context = {
        "state": state,
        "questions": [shown_question(each) for each in summaries(states)],
        "counts": counts_shown(state_counts()),
        **page_links(request, found, [str(each.question.uid) for each in states]),
    }
    return render(request, "pages/question_list.html", context)


def known_on(asked: str) -> tuple[Moment | None, str]:
    """The moment asked for, and a sentence where it is none."""
    if not asked:
        return None, ""
    try:
        return date_of(asked).moment, ""
    except Refusal as refusal:
        return None, word_refusal(refusal)
