"""The addresses of the API, `/api/v1/`: records by their `uid`; what is not here is a problem, not a page."""

from django.urls import URLPattern, path, re_path

from claims.api import resources
from claims.api.acts import CORRECT, LINK, RETRACT, REVIEW, SETTLE, ActView
from claims.api.changes import Change, Changes, Entries, Unattributed
from claims.api.claim_items import ClaimItem
from claims.api.comparison import Comparison
from claims.api.contents import Content
from claims.api.document import Document, Index, Nothing
from claims.api.items import Item
from claims.api.lists import Claims, Collection, Questions
from claims.api.resources import Resource

app_name = "api"

LISTS = {resources.QUESTION: Questions, resources.CLAIM: Claims}
RESOURCES = (
    resources.TOPIC,
    resources.QUESTION,
    resources.OPTION,
    resources.CLAIM,
    resources.ATTRIBUTION,
    resources.SOURCE,
    resources.SNAPSHOT,
    resources.PASSAGE,
    resources.AGENT,
    resources.SIDE,
    resources.FINDING,
    resources.RETRACTION,
    resources.CORRECTION,
    resources.LINK,
)
LISTED = (*(resource.many for resource in RESOURCES), "changes", "unattributed")


def addresses_of(resource: Resource) -> list[URLPattern]:
    """The list of a kind of record, and one of them."""
    collection = LISTS.get(resource, Collection)
    found = path(f"{resource.many}/", collection.as_view(resource=resource), name=resource.many)
    if resource is resources.CLAIM:
        return [found, path("claims/<str:uid>/", ClaimItem.as_view(), name="claim")]
    return [found, path(f"{resource.many}/<uuid:uid>/", Item.as_view(resource=resource), name=resource.one)]


urlpatterns = [
    path("", Index.as_view(lists=LISTED), name="index"),
    path("openapi.json", Document.as_view(schema=None), name="openapi"),
    path("openapi.yaml", Document.as_view(schema=None, yaml=True), name="openapi_yaml"),
    *(pattern for resource in RESOURCES for pattern in addresses_of(resource)),
    path("questions/<uuid:uid>/comparison/", Comparison.as_view(), name="comparison"),
    path("questions/<uuid:uid>/findings/", ActView.as_view(act=SETTLE), name="settle"),
    path("claims/<str:uid>/review/", ActView.as_view(act=REVIEW), name="review"),
    path("claims/<str:uid>/retractions/", ActView.as_view(act=RETRACT), name="retract"),
    path("claims/<str:uid>/corrections/", ActView.as_view(act=CORRECT), name="correct"),
    path("claims/<str:uid>/links/", ActView.as_view(act=LINK), name="link_claim"),
    path("snapshots/<uuid:uid>/content/", Content.as_view(), name="content"),
    path("changes/", Changes.as_view(), name="changes"),
    path("changes/<uuid:uid>/", Change.as_view(), name="change"),
    path("changes/<uuid:uid>/entries/", Entries.as_view(), name="entries"),
    path("unattributed/", Unattributed.as_view(), name="unattributed"),
    re_path(r"^.*$", Nothing.as_view(), name="nothing"),
]
