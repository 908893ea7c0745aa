"""What developers and the tests run: a temporary PostgreSQL, the translations."""
