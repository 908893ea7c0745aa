"""Mistakes in the configuration stop commands and the web server."""

import runpy
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import Error, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from claims.ledger.install import amiss, install
from claims.ledger.models import Event
from tests import factories as make

WSGI = str(settings.BASE_DIR / "provenance" / "wsgi.py")
MISTAKE = Error("DEBUG is 'maybe'.", hint="Set DEBUG to yes or no.", id="provenance.E001")


@pytest.mark.django_db
def test_a_mistake_stops_commands_and_says_what_to_do(settings: Any) -> None:
    settings.ENVIRONMENT_MISTAKES = [MISTAKE]
    with pytest.raises(SystemCheckError, match=r"(?s)DEBUG is 'maybe'.*Set DEBUG to yes or no"):
        call_command("check")


def test_a_mistake_stops_the_web_server(settings: Any) -> None:
    settings.ENVIRONMENT_MISTAKES = [MISTAKE]
    with pytest.raises(ImproperlyConfigured, match="Set DEBUG to yes or no"):
        runpy.run_path(WSGI)


@pytest.mark.django_db
def test_the_web_server_starts_without_mistakes(settings: Any) -> None:
    settings.ENVIRONMENT_MISTAKES = []
    assert callable(runpy.run_path(WSGI)["application"])


@pytest.mark.django_db
def test_the_web_server_does_not_start_past_the_journal(settings: Any) -> None:
    settings.ENVIRONMENT_MISTAKES = []
    table = " ON claims_claim" if connection.vendor == "postgresql" else ""
    name = "ledger_claims_claim_journal" if table else "ledger_claims_claim_update"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{table}")
    with pytest.raises(ImproperlyConfigured, match=rf"(?s){name}.*manage.py migrate"):
        runpy.run_path(WSGI)
    assert [message.id for message in run_checks(tags=["database"], databases=["default"])] == ["ledger.E001"]
    install()
    assert amiss() == []


@pytest.mark.django_db(transaction=True)
def test_migrating_puts_triggers_back_and_does_not_keep_silent(capsys: pytest.CaptureFixture[str]) -> None:
    make.make_topic()
    table = " ON claims_claim" if connection.vendor == "postgresql" else ""
    name = "ledger_claims_claim_journal" if table else "ledger_claims_claim_update"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{table}")
    call_command("migrate", verbosity=0, skip_checks=False)
    assert amiss() == []
    assert f"no migration explains it: {name}. They were put back" in capsys.readouterr().err
    event = Event.objects.get(kind="triggers_put_back")
    assert event.detail == {"number": 1, "triggers": [name], "migrated": False}
    call_command("migrate", verbosity=0, skip_checks=False)
    assert Event.objects.filter(kind="triggers_put_back").count() == 1


@pytest.mark.parametrize(("local", "found"), [(True, ["provenance.E006"]), (False, [])])
def test_the_deployment_check_refuses_the_demonstration(settings: Any, local: bool, found: list[str]) -> None:
    settings.LOCAL = local
    settings.ENVIRONMENT_MISTAKES = []
    messages = run_checks(tags=["configuration"], include_deployment_checks=True)
    assert [message.id for message in messages] == found
