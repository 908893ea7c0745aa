"""The start page: how many questions are in each state, the urgent ones first, and what changed last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.domain.vocabulary import State
from claims.queries.claim_rows import claim_rows
from claims.queries.overview import in_state, latest_claims, state_counts, summaries
from claims.views.access import page
from claims.views.questions_shown import counts_shown, shown_question
from claims.views.shown import leading_wording, shown_claim

CONTESTED_SHOWN = 20
QUESTIONED_SHOWN = 10
RECENT_SHOWN = 8


@page()
def start(request: HttpRequest) -> HttpResponse:
    """Contested questions with who said what, then questioned ones; beside them the claims changed last."""
    counts = state_counts()
    states = [*in_state(State.CONTESTED)[:CONTESTED_SHOWN], *in_state(State.QUESTIONED)[:QUESTIONED_SHOWN]]
    questions = [shown_question(each) for each in summaries(states)]
    recent = [shown_claim(row) for row in claim_rows(latest_claims(RECENT_SHOWN))]
    context = {
        "counts": counts_shown(counts),
        "contested": [each for each in questions if each.state == State.CONTESTED],
        "questioned": [each for each in questions if each.state == State.QUESTIONED],
        "contested_total": counts[State.CONTESTED],
        "questioned_total": counts[State.QUESTIONED],
        "recent": [{"claim": claim, "link": leading_wording(claim)} for claim in recent],
        "nothing": not any(counted.number for counted in counts.values()) and not recent,
    }
    return render(request, "pages/start.html", context)
