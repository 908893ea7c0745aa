"""The checks of new versions go along indexes, for a session keeps the plan that it made while a table was small."""

import pytest
from django.db import connection

from tests import factories as make


def _walks() -> int:
    """How often this transaction has read the table of versions from end to end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'claims_historicalside'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_no_check_of_a_version_reads_the_table_of_versions() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the triggers of SQLite are planned with the statement that they belong to")
    make.make_side()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_historicalside")  # the planner learns how small it is, and plans anew
    before = _walks()
    make.make_side()
    assert _walks() == before
