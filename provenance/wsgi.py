"""The entry point for a web server: `application`, which refuses to start on a wrong configuration."""

import os

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "provenance.settings")

application = get_wsgi_application()

# Management commands run the system checks by themselves; a web server would serve on regardless.
if mistakes := [message for message in run_checks(tags=["configuration"]) if message.is_serious()]:
    raise ImproperlyConfigured("\n".join(str(mistake) for mistake in mistakes))
