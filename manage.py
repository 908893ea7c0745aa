#!/usr/bin/env python3
"""The project's command line: `manage.py help` lists what it can do."""

import os
import sys

# What EX_TEMPFAIL says in sysexits.h: later it may succeed.
TRY_AGAIN = 75


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "provenance.settings")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 - explains itself below
    except ImportError:
        sys.exit("Django is not installed for this Python. Run `make setup` and use .venv/bin/python.")
    from django.db import InterfaceError, OperationalError  # noqa: PLC0415

    from claims.outages import told  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except (InterfaceError, OperationalError) as error:
        if "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"{told(error)}\n")
        sys.exit(TRY_AGAIN)


if __name__ == "__main__":
    main()
