"""Writes: every change of a record goes through one of these, in one transaction, with its history."""
