"""Fields of small forms by which records are looked up as one types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from claims.models import Record


def looked_up(model: type[Record], name: str, *, required: bool = False, **keywords: Any) -> Any:
    """A field for the record that the model's field of this name refers to."""
    field: Any = model._meta.get_field(name)
    return forms.ModelChoiceField(
        field.related_model.objects.all(),
        required=required,
        widget=AutocompleteSelect(field, admin.site),
        **{"label": field.verbose_name, **keywords},
    )
