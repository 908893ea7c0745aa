#!/usr/bin/env python3
"""The project's command line: `manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "provenance.settings")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 - explains itself below
    except ImportError:
        sys.exit("Django is not installed for this Python. Run `make setup` and use .venv/bin/python.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
