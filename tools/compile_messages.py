"""Compiles the translations, `django.po` to `django.mo`; both are committed, so that a fresh machine needs no tool."""

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "claims" / "locale"


def compiled(source: Path) -> bytes:
    """The bytes of the .mo file for a .po file; untranslated and fuzzy entries are left out."""
    target = io.BytesIO()
    with source.open("rb") as file:
        write_mo(target, read_po(file, abort_invalid=True))
    return target.getvalue()


def main() -> None:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        source.with_suffix(".mo").write_bytes(compiled(source))
        print(f"{source.parent.parent.name}: compiled")


if __name__ == "__main__":
    main()
