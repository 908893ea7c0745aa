"""What the triggers say when they refuse: to whoever writes past the services, so in English and without markup."""

ADDED_ONLY = "{table} is only added to. Nothing in it is changed or deleted."
EMPTIED = "{table} is never emptied: every write of it is on record."
KEY_FIXED = "The key of a row of {table} never changes."
KEY_RANGE = "A key of {table} is counted up from 1. Leave it out, and it is given."
VERSION_DATED = "{table} takes a version only of now: neither dated back nor of a time to come."
# Begins as SQLite itself words it, for programs that read that.
WOULD_REPLACE = (
    "UNIQUE constraint failed: {columns}. There is such a row already; nothing is replaced: change that row."
)
PAYLOAD_FIXED = (
    "The content of a journal entry never changes. A redaction on record may remove it: manage.py audit redact."
)
VERSION_FIXED = "{table} is only added to. Versions are neither changed, replaced nor deleted."
VERSION_UNFOUNDED = "{table} takes a version only from a service: of a record as it is now, by the user who acts."
ONE_VERSION = "{table} has this version or a later one already. Versions are neither dated back nor written twice."
