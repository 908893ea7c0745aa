"""A claim is cited by its version, in a line to copy and for programs that keep references."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from claims.interchange.addresses import version_address
from claims.interchange.citations import citation, write_csl_json
from claims.interchange.scope import Scope
from claims.models import ClaimWording, Relay
from claims.queries.claim_rows import claim_rows
from claims.queries.provenance import versions_made
from claims.wording import plain
from tests import factories as make
from tests.interchange.standards_world import HOSTILE, make_world

pytestmark = pytest.mark.django_db


def cited(claim: Any, language: str = "en") -> str:
    with override(language):
        (row,) = claim_rows([claim.pk])
        return plain(citation(row, versions_made([row.claim])[claim.pk]))


def make_cited() -> Any:
    relay, publisher = make.make_agent(name="A network"), make.make_agent(name="A paper", kind="outlet")
    source = make.make_source(title="The report", publisher=publisher, published_on="2016-09-20")
    attribution = make.make_attribution(source=source, speaker=make.make_agent(name="A minister"), relays=[relay])
    claim = make.make_claim(attribution=attribution, statement="It was agreed.")
    make.record(ClaimWording(claim=claim, language="ar", text="تم الاتفاق."))
    claim.refresh_from_db()
    return claim


def test_the_line_names_who_said_what_where_and_the_version() -> None:
    claim = make_cited()
    made = claim.history.get(version=2).history_date
    line = (
        "A minister: “It was agreed.” Through A network, A paper, in The report (20 September 2016). "
        f"Claim on record, version 2 of {made.day} {made:%B %Y}. {version_address(claim)}"
    )
    assert cited(claim) == line
    assert cited(make.make_claim(answer="Yes", attribution=claim.attribution)).startswith("A minister: “Yes” Through")
    arabic = cited(claim, "ar")
    assert "تم الاتفاق." in arabic
    assert arabic.endswith(version_address(claim))
    assert "version" not in arabic.removesuffix(version_address(claim))


def test_an_outlet_that_passed_it_on_in_its_own_pages_is_named_once() -> None:
    claim = make_cited()
    make.record(Relay(attribution=claim.attribution, agent=claim.attribution.source.publisher, position=1))
    assert " Through A network, A paper, in The report" in cited(claim)


def test_the_claims_page_shows_it_and_its_address_is_that_version(settings: Any) -> None:
    settings.PUBLIC_READ = True
    world = make_world()
    page = Client().get(f"/claims/{world.claim.uid}/").content.decode()
    assert '<p class="citation"><bdi dir="ltr">' in page
    assert "<b>&amp; </script>" not in page.partition('<p class="citation">')[2].partition("</p>")[0]
    assert f"{version_address(world.claim)}" in page
    assert version_address(world.claim).endswith(f"/claims/{world.claim.uid}/v/3/")


def test_csl_json_has_an_item_for_each_claim() -> None:
    claim, world = make_cited(), make_world()
    output = io.BytesIO()
    with override("en"):
        write_csl_json(Scope(), output)
    items = {item["id"]: item for item in json.loads(output.getvalue())}
    made = claim.history.get(version=2).history_date
    assert items[version_address(claim)] == {
        "id": version_address(claim),
        "type": "entry",
        "title": "It was agreed.",
        "author": [{"literal": "A minister"}],
        "contributor": [{"literal": "A network"}, {"literal": "A paper"}],
        "container-title": "127.0.0.1:8000",
        "issued": {"date-parts": [[made.year, made.month, made.day]]},
        "version": "2",
        "URL": version_address(claim),
        "language": "en",
        "original-title": "The report",
        "original-publisher": "A paper",
        "original-date": {"date-parts": [[2016, 9, 20]]},
    }
    assert items[version_address(world.claim)]["title"] == HOSTILE
    assert version_address(world.withdrawn) not in items
