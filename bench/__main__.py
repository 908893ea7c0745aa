"""`python -m bench [NAME...]`: the timed work; without names all of it.

What is printed are seconds on this machine, now, and ratios to a plain reference timed in the same run. The database is
one of its own, made for the run where `DATABASE_URL` says and gone afterwards; SQLite's lies in a temporary folder.
"""

import argparse
import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.db import connection

BENCHES = (
    "comparison", "recording", "journal", "log", "histories", "verify", "passages", "recorded", "importing", "changing",
    "tables",
)  # fmt: skip


@contextmanager
def database() -> Iterator[None]:
    """A migrated database with nothing in it, beside the one of the settings."""
    with TemporaryDirectory() as folder:
        name = str(connection.settings_dict["NAME"])
        own = str(Path(folder, "bench.sqlite3")) if connection.vendor == "sqlite" else f"bench_{name}_{os.getpid()}"
        connection.settings_dict["TEST"]["NAME"] = own
        connection.creation.create_test_db(verbosity=0, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


def main() -> None:
    """Run the benches asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHES)}, and its numbers")
    given = parser.parse_args().names
    numbers = [each for each in given if each.isdigit()]
    names = [each for each in given if not each.isdigit()] or list(BENCHES)
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"there is no bench “{unknown[0]}”; choose from {', '.join(BENCHES)}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "provenance.settings"
    django.setup()
    with database():
        for name in names:
            print(f"\n{name}\n{'-' * len(name)}", flush=True)
            sys.argv = [name, *numbers]
            runpy.run_module(f"bench.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
