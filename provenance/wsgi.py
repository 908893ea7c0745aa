"""The entry point for a web server: `application`, which starts only if the configuration and the journal are whole."""

import os

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "provenance.settings")

application = get_wsgi_application()

from claims.ledger.checks import triggers_are_there  # noqa: E402 - models are loaded only now

# Management commands run the system checks by themselves; a web server would serve on regardless, and past the journal.
found = run_checks(tags=["configuration"]) or triggers_are_there(databases=["default"])
if mistakes := [message for message in found if message.is_serious()]:
    raise ImproperlyConfigured("\n".join(str(mistake) for mistake in mistakes))
