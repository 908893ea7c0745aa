"""Search boxes and look-ups of the admin: by words, along an index, however many records there are."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.admin.paging import FoundPaginator
from claims.queries.words import with_words


class FoundByWords(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists and look-ups that are searched by words: for each word typed the record has one that begins so.

    Django's own search (`icontains`) reads the whole table, and knows nothing of vowel signs, articles and aliases.
    """

    # No field: that there is one makes Django show the box, and offer the records in look-ups.
    search_fields = ("words",)
    search_help_text = _("By words or their beginnings, in any language; for a source also by its address.")

    def get_paginator(self, request: HttpRequest, *arguments: Any, **keywords: Any) -> Any:
        """Pages of what was searched for end sooner: who finds so much types another word."""
        searched = any(request.GET.get(name, "").strip() for name in (SEARCH_VAR, "term"))
        return (FoundPaginator if searched else self.paginator)(*arguments, **keywords)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """The records with these words; nothing typed narrows nothing. What was withdrawn is in lists only."""
        if request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.current()
        return (with_words(queryset, search_term) if search_term.strip() else queryset), False
