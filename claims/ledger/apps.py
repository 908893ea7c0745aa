"""The ledger's place in Django: its triggers are put back after every migration, and checked."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "claims.ledger"
    label = "ledger"
    verbose_name = _("Ledger")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from claims.ledger import checks, install  # noqa: F401, PLC0415 - both need loaded models

        # A migration that rebuilds a table on SQLite drops its triggers without a word.
        post_migrate.connect(install.after_migration, sender=self)
