"""The rules of comparison: pure functions over frozen dataclasses. Imports no Django."""
