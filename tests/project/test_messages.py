"""The compiled translations that are committed are those of their sources."""

import gettext
import io
from pathlib import Path

from tools.compile_messages import LOCALE, compiled

ARABIC = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "yes"
msgstr "نعم"

#, fuzzy
msgid "no"
msgstr "نعم"
"""


def test_what_is_compiled_can_be_read(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text(ARABIC)
    translations = gettext.GNUTranslations(io.BytesIO(compiled(source)))
    assert translations.gettext("yes") == "نعم"
    assert translations.gettext("no") == "no"


def test_every_source_is_compiled_as_it_stands() -> None:
    stale = [path for path in LOCALE.rglob("*.po") if path.with_suffix(".mo").read_bytes() != compiled(path)]
    assert stale == [], "Run `make messages` and commit what it writes."
