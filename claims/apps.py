"""The application's place in Django: its name, its keys, and what happens when it is loaded."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("Provenance")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from claims import checks  # noqa: F401, PLC0415 - registers the system checks, which need loaded apps
