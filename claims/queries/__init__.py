"""Reads: from the database to the values that the rules and the screens work with."""
