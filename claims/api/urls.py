"""The addresses of the API, `/api/v1/`: records by their `uid`; what is not here is a problem, not a page."""

from django.urls import URLPattern, path, re_path

from claims.api import resources
from claims.api.changes import Change, Changes, Entries, Unattributed
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
    return [
        path(f"{resource.many}/", collection.as_view(resource=resource), name=resource.many),
        path(f"{resource.many}/<uuid:uid>/", Item.as_view(resource=resource), name=resource.one),
    ]


urlpatterns = [
    path("", Index.as_view(lists=LISTED), name="index"),
    path("openapi.json", Document.as_view(schema=None), name="openapi"),
    path("openapi.yaml", Document.as_view(schema=None, yaml=True), name="openapi_yaml"),
    *(pattern for resource in RESOURCES for pattern in addresses_of(resource)),
    path("questions/<uuid:uid>/comparison/", Comparison.as_view(), name="comparison"),
    path("snapshots/<uuid:uid>/content/", Content.as_view(), name="content"),
    path("changes/", Changes.as_view(), name="changes"),
    path("changes/<uuid:uid>/", Change.as_view(), name="change"),
    path("changes/<uuid:uid>/entries/", Entries.as_view(), name="entries"),
    path("unattributed/", Unattributed.as_view(), name="unattributed"),
    re_path(r"^.*$", Nothing.as_view(), name="nothing"),
]
