"""The admin, for editors: records, claims at a glance, review; all it writes goes through services."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims.admin import (
    attributions,
    changes,
    claims,
    imports,
    judgements,
    people,
    questions,
    second_factors,
    sources,
    suspected,
    users,
)

__all__ = [
    "attributions",
    "changes",
    "claims",
    "imports",
    "judgements",
    "people",
    "questions",
    "second_factors",
    "sources",
    "suspected",
    "users",
]

admin.site.site_header = _("Provenance")
admin.site.site_title = _("Provenance")
admin.site.index_title = _("The desk")
admin.site.enable_nav_sidebar = False
admin.site.disable_action("delete_selected")
