"""What lists hold of claims is read first and worked out after: other rows go to the database meanwhile."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.queries.listed import rows_of_claims
from tests import factories as make


@pytest.mark.django_db
def test_working_out_the_rows_asks_nothing() -> None:
    keys = [make.make_claim(statement=f"the {word} statement").pk for word in ("first", "second")]
    rows = rows_of_claims(keys)
    with CaptureQueriesContext(connection) as asked:
        found = {key: words for key, _row, words in rows}
    assert not asked.captured_queries
    assert list(found) == keys
    assert "first" in found[keys[0]]
    assert "first" not in found[keys[1]]
