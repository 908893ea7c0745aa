"""The claims table as files: CSV, JSON Lines and XLSX, read and written a row at a time."""
