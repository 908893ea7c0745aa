"""System checks: mistakes in the configuration, each with what is wrong and what to do."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register("configuration")
def environment_is_valid(**_: Any) -> list[CheckMessage]:
    """The mistakes that `provenance.settings` met while it read the environment."""
    return list(settings.ENVIRONMENT_MISTAKES)


@register("configuration", deploy=True)
def deployment_is_not_local(**_: Any) -> list[CheckMessage]:
    """A key made on the spot and loopback names are right for the demonstration only."""
    if not settings.LOCAL:
        return []
    return [
        Error(
            "ALLOWED_HOSTS is not set, so that only this machine is answered.",
            hint="Set ALLOWED_HOSTS to the names under which people reach this installation, and SECRET_KEY.",
            id="provenance.E006",
        )
    ]
