"""`manage.py migrate`: Django's, which puts missing triggers of the journal back instead of stopping at them."""

from typing import Any

from django.core.management.commands import migrate

from claims.ledger.checks import about_to_mend


class Command(migrate.Command):
    """Django's command; that triggers were put back is on record, and said (`claims.ledger.install`)."""

    def check(self, *arguments: Any, **options: Any) -> None:
        """Run the checks but the one whose finding is mended at the end."""
        with about_to_mend():
            super().check(*arguments, **options)
