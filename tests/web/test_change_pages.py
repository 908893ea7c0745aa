"""A change and all that it wrote, entry by entry; where each entry is sealed; and the proof of it as a file."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from claims.ledger import verifier
from claims.ledger.checkpoints import checkpoint, shelf
from claims.ledger.install import uninstall
from claims.ledger.models import Entry, LoggedChange, Payload, Redaction
from claims.models import ClaimWording, Side
from claims.permissions import Role
from claims.queries.written_rows import Payload as Held
from claims.queries.written_rows import changed_fields, names_for
from claims.services.transaction import change, save
from claims.services.users import keep_user
from tests import factories as make
from tests.web.test_changes import text_of, words_of, written_past_us

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client) -> Client:
    client.force_login(make.make_user(Role.AUDITOR))
    return client


@pytest.fixture
def checkpoints(settings: Any, tmp_path: Path) -> Path:
    """A folder of checkpoints for this installation."""
    settings.AUDIT_CHECKPOINTS, settings.AUDIT_KEY = str(tmp_path / "checkpoints"), ""
    return tmp_path / "checkpoints"


def last_change() -> LoggedChange:
    found = LoggedChange.objects.order_by("-pk").first()
    assert found is not None
    return found


def page_of_last(client: Client) -> str:
    return text_of(client, f"/changes/{last_change().uid}/")


def test_a_change_tells_each_field_before_and_after_in_words(auditor: Client) -> None:
    side = make.make_side(name="Press")
    agent = make.make_agent(name="Reporter", note="She left Homs in May.")
    with change(by=None, reason="Seen in the archive", command="import") as this:
        agent.side, agent.note, agent.reliability = side, "She left Aleppo in May.", "B"
        save(this, [agent])
    page = page_of_last(auditor)
    words = words_of(page)
    assert "What 1 agent changed" in words
    assert "Why Seen in the archive" in words
    assert f'Agent: <a href="/agents/{agent.uid}/"><bdi>Reporter</bdi></a>' in page
    assert "Side — Press" in words
    assert '<del class="diff">Homs</del>' in page
    assert '<ins class="diff">Aleppo</ins>' in page
    assert "Reliability" in words
    assert "This change itself: who and why" in words
    assert "not sealed yet" in words


def test_a_new_record_tells_what_it_states_and_no_keys(auditor: Client) -> None:
    claim = make.make_claim(statement="Three hundred left.")
    uid = Entry.objects.filter(table_name="claims_claim", row_key=str(claim.pk)).values_list("change", flat=True)[0]
    words = words_of(text_of(auditor, f"/changes/{uid}/"))
    assert "Claim: Three hundred left." in words
    assert "Wording of a claim: Three hundred left." in words
    assert "Answer — an answer" in words
    assert str(claim.uid) not in words
    assert "Version" not in words


def test_a_part_leads_to_the_whole(auditor: Client) -> None:
    claim = make.make_claim(statement="Three hundred left.")
    wording = ClaimWording.objects.get(claim=claim)
    wording.text = "Three hundred people left."
    make.record(wording)
    page = page_of_last(auditor)
    assert f'<a href="/claims/{claim.uid}/"><bdi>Three hundred people left.</bdi></a>' in page
    assert "Version 1 2" in words_of(page)  # that of the claim, raised with its part


def test_what_a_forger_wrote_is_shown_as_it_stands() -> None:
    """SQLite keeps anything in any column."""
    held = Held.read(
        json.dumps({"before": {"party": 0, "name": "Press"}, "after": {"party": "x", "name": 7, "odd": 1}})
    )
    names = names_for([("claims_side", "1", held)])
    told = {each.field: (each.before, each.after) for each in changed_fields("claims_side", held, names)}
    assert told["Party to the events"] == ("no", "x")
    assert told["odd"] == ("", "1")
    assert changed_fields("unknown_table", held, names)
    dated = Held.read(json.dumps({"before": None, "after": {"recorded_at": "x", "said_on": "x", "speaker_id": "x"}}))
    assert {each.after for each in changed_fields("claims_attribution", dated, {})} == {"x"}


def test_users_and_roles_are_in_the_log_and_secrets_are_not(auditor: Client) -> None:
    administrator = make.make_user(Role.ADMINISTRATOR)
    user = make.make_user(Role.EDITOR, username="rana")
    new = {"roles": [Role.REVIEWER], "password": "another password"}
    keep_user(user=user, by=administrator, reason="She reviews now", **new)
    page = words_of(page_of_last(auditor))
    assert "1 role of a user recorded" in page
    assert "1 role of a user deleted" in page
    assert "Password was changed; what it is, is kept nowhere." in page
    assert "Role of a user" in page
    assert "another password" not in page
    assert "$" not in page
    # The entry of the change itself has the key of whoever made it, and tables between have names that Django gave.
    assert f"User — {administrator.username}" in page
    assert "Role — reviewer" in page


def test_entries_come_in_pages_in_the_order_they_were_written(auditor: Client, monkeypatch: Any) -> None:
    make.record(*[Side(name=f"Side {number}") for number in range(7)])
    monkeypatch.setattr("claims.views.changes.ENTRIES_ON_A_PAGE", 3)
    address, seen = f"/changes/{last_change().uid}/", []
    while address:
        page = text_of(auditor, address)
        seen += [int(key) for key in re.findall(r'id="entry-(\d+)"', page)]
        found = re.search(r'<a href="([^"]+)" rel="next">', page)
        address = found[1] if found else ""
    assert seen == list(Entry.objects.filter(change=last_change().uid).order_by("id").values_list("pk", flat=True))
    for place in ("after=x", "after=1", f"after={seen[0]}&before={seen[0]}", "before=99999999999999999999", "page=2"):
        assert auditor.get(f"/changes/{last_change().uid}/?{place}").status_code == 400


def test_what_is_not_there_is_not_found(auditor: Client) -> None:
    for address in ("/changes/00000000-0000-0000-0000-000000000000/", f"/changes/entries/{10**30}/"):
        assert auditor.get(address).status_code == 404
    assert auditor.get("/changes/entries/999999999/proof/").status_code == 404


def test_entries_of_a_change_that_was_made_up_say_so(auditor: Client) -> None:
    uid = "11111111-2222-3333-4444-555555555555"
    side = make.make_side()
    if connection.vendor == "postgresql":
        written_past_us("SELECT set_config('provenance.change', %s, true)", uid)
    else:
        written_past_us("INSERT INTO ledger_context (id, change) VALUES (1, %s)", uid.replace("-", ""))
    written_past_us("UPDATE claims_side SET name = 'Forged' WHERE id = %s", side.pk)
    page = words_of(text_of(auditor, f"/changes/{uid}/"))
    assert "whoever wrote them made it up" in page
    assert "Forged" in page


def test_a_redacted_entry_says_who_when_and_why(auditor: Client) -> None:
    side = make.make_side(name="A name that must go")
    entry = Entry.objects.get(table_name="claims_side", row_key=str(side.pk))
    with change(by=make.make_user(Role.ADMINISTRATOR, username="judge"), reason="Court order") as _this:
        redaction = Redaction(entry_id=entry.pk, table_name="claims_side", row_key=str(side.pk), reason="Court order 7")
        QuerySet(Redaction).bulk_create([redaction])
        QuerySet(Payload).filter(pk=entry.pk).update(salt=None, body=None)
    page = words_of(text_of(auditor, f"/changes/entries/{entry.pk}/"))
    assert "The content was removed by a redaction" in page
    assert "By: judge." in page
    assert "Court order 7" in page


def test_the_proof_of_an_entry_is_a_file_that_verifies(auditor: Client, checkpoints: Path, tmp_path: Path) -> None:
    side = make.make_side(name="Press")
    entry = Entry.objects.get(table_name="claims_side", row_key=str(side.pk))
    address = f"/changes/entries/{entry.pk}/"
    assert "has no number in the tree yet" in words_of(text_of(auditor, address))
    assert auditor.get(f"{address}proof/").status_code == 409
    kept = checkpoint(shelf())
    page = words_of(text_of(auditor, address))
    assert f"the checkpoint {kept.path.name} of {kept.size} entries covers it." in page
    response = auditor.get(f"{address}proof/")
    assert response["Content-Disposition"] == f'attachment; filename="entry-{entry.pk}.proof"'
    proof = tmp_path / f"entry-{entry.pk}.proof"
    proof.write_bytes(response.content)
    key = (checkpoints / "key.vkey").read_text().strip()
    verify = [sys.executable, verifier.__file__, "inclusion", str(proof), "--key", key]
    done = subprocess.run(verify, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "80"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "in a checkpoint" in words_of(text_of(auditor, "/changes/?kind=claims_side"))


def test_an_entry_that_was_changed_after_it_was_sealed_says_so_and_has_no_proof(
    auditor: Client, checkpoints: Path
) -> None:
    make.make_side(name="Press")
    entry = Entry.objects.filter(table_name="claims_side").latest("pk")
    checkpoint(shelf())
    assert "Download the proof" in text_of(auditor, f"/changes/entries/{entry.pk}/")
    uninstall()  # as a database administrator would
    QuerySet(Payload).filter(pk=entry.pk).update(body=Payload.objects.get(pk=entry.pk).body.replace("Press", "Crowd"))
    page = text_of(auditor, f"/changes/entries/{entry.pk}/")
    assert "What this entry says now is not what was sealed" in page
    assert "Download the proof" not in page
    refused = auditor.get(f"/changes/entries/{entry.pk}/proof/")
    assert refused.status_code == 409
    assert "was changed after it was sealed" in refused.content.decode()


def test_without_checkpoints_the_page_says_what_is_missing(auditor: Client, settings: Any) -> None:
    settings.AUDIT_CHECKPOINTS = ""
    make.make_side()
    entry = Entry.objects.order_by("-pk").first()
    assert entry is not None
    assert "manage.py audit checkpoint" in text_of(auditor, f"/changes/entries/{entry.pk}/")
    assert auditor.get(f"/changes/entries/{entry.pk}/proof/").status_code == 404


def test_hostile_text_stays_text(auditor: Client) -> None:
    make.make_side(name="<script>alert(1)</script>\u202e")
    page = page_of_last(auditor)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
