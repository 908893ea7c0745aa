"""Sized data and timed work."""
