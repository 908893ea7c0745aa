"""The application's place in Django: its name, its keys, and what happens when it is loaded."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("Provenance")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from claims import checks, connections, permissions  # noqa: F401, PLC0415 - checks registers itself; all need loaded apps
        from claims.services import sign_ins  # noqa: PLC0415 - likewise

        # Permissions do not exist before the migration is over: only then can roles be given theirs.
        post_migrate.connect(permissions.make_groups, sender=self)
        sign_ins.put_on_record()
        connection_created.connect(connections.remember_moments)
