"""The addresses of the research pages; none has a language in it, and records are named by their `uid`."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from claims.api.feeds import ContestedFeed
from claims.api.pages import try_api
from claims.views.account import (
    account,
    confirm_password,
    password_change,
    recovery_codes,
    second_factor,
    second_factor_remove,
)
from claims.views.agents import agent, agent_list
from claims.views.changes import change, change_entry, change_list, change_proof
from claims.views.claim_lists import claim_list
from claims.views.claims import claim, claim_version
from claims.views.downloads import claim_download, claim_download_about
from claims.views.histories import history, history_compare
from claims.views.questions import question, question_list
from claims.views.record_downloads import record_download
from claims.views.second_step import second_step
from claims.views.sources import source, source_changes, source_list
from claims.views.start import start
from claims.views.tokens import token_revoke, tokens
from claims.views.topics import topic

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("questions/", question_list, name="question_list"),
    path("questions/<uuid:uid>/", question, name="question"),
    path("claims/", claim_list, name="claim_list"),
    path("claims/download/about/", claim_download_about, name="claim_download_about"),
    path("claims/download/<slug:name>/", claim_download, name="claim_download"),
    path("claims/<uuid:uid>/", claim, name="claim"),
    path("claims/<uuid:uid>/v/<int:number>/", claim_version, name="claim_version"),
    path("sources/", source_list, name="source_list"),
    path("sources/<uuid:uid>/", source, name="source"),
    path("sources/<uuid:uid>/changes/", source_changes, name="source_changes"),
    path("agents/", agent_list, name="agent_list"),
    path("agents/<uuid:uid>/", agent, name="agent"),
    path("topics/<uuid:uid>/", topic, name="topic"),
    path("changes/", change_list, name="change_list"),
    path("changes/<uuid:uid>/", change, name="change"),
    path("changes/entries/<int:number>/", change_entry, name="change_entry"),
    path("changes/entries/<int:number>/proof/", change_proof, name="change_proof"),
    path("<slug:kind>/<uuid:uid>/download/<slug:name>/", record_download, name="record_download"),
    path("<slug:kind>/<uuid:uid>/history/", history, name="history"),
    path("<slug:kind>/<uuid:uid>/history/compare/", history_compare, name="history_compare"),
    path("sign-in/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("sign-in/second-step/", second_step, name="second_step"),
    path("account/", account, name="account"),
    path("account/password/", password_change, name="own_password"),
    path("account/confirm-password/", confirm_password, name="confirm_password"),
    path("account/tokens/", tokens, name="tokens"),
    path("account/tokens/revoke/", token_revoke, name="token_revoke"),
    path("account/second-factor/", second_factor, name="second_factor"),
    path("account/second-factor/recovery-codes/", recovery_codes, name="recovery_codes"),
    path("account/second-factor/remove/", second_factor_remove, name="second_factor_remove"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="set_language"),
    path("api/", try_api, name="try_api"),
    path("api/v1/", include("claims.api.urls")),
    path("feeds/contested.atom", ContestedFeed.as_view(), name="feed"),
    path("feeds/topics/<uuid:uid>.atom", ContestedFeed.as_view(), name="feed_of_topic"),
]
