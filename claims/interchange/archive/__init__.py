"""The archive: everything that editors recorded, as JSON Lines with one typed record a line (docs/interchange.md)."""
