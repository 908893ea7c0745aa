"""The addresses of the research pages; none has a language in it, and records are named by their `uid`."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from claims.views.agents import agent, agent_list
from claims.views.claim_lists import claim_list
from claims.views.claims import claim, claim_version
from claims.views.histories import history
from claims.views.passwords import OwnPassword
from claims.views.questions import question, question_list
from claims.views.sources import source, source_changes, source_list
from claims.views.start import start
from claims.views.topics import topic

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("questions/", question_list, name="question_list"),
    path("questions/<uuid:uid>/", question, name="question"),
    path("claims/", claim_list, name="claim_list"),
    path("claims/<uuid:uid>/", claim, name="claim"),
    path("claims/<uuid:uid>/v/<int:number>/", claim_version, name="claim_version"),
    path("sources/", source_list, name="source_list"),
    path("sources/<uuid:uid>/", source, name="source"),
    path("sources/<uuid:uid>/changes/", source_changes, name="source_changes"),
    path("agents/", agent_list, name="agent_list"),
    path("agents/<uuid:uid>/", agent, name="agent"),
    path("topics/<uuid:uid>/", topic, name="topic"),
    path("<slug:kind>/<uuid:uid>/history/", history, name="history"),
    path("sign-in/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("password/", OwnPassword.as_view(), name="password_change"),
    path("language/", set_language, name="set_language"),
]
