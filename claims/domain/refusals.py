"""How the rules refuse what they cannot take: a code with values, which `claims/wording.py` words.

A code is the same in every language; the values are pieces of what was written, made safe to show.
Each module that refuses lists its codes in a table in its docstring.
"""

from collections.abc import Mapping

MOST_SHOWN = 80
"""Characters of a value that a sentence carries; hostile text is longer."""


class Refusal(ValueError):  # noqa: N818 - it answers a person; no program has erred
    """What was written cannot be taken, because of `code`; `values` say what and where.

    Every value is shortened to `MOST_SHOWN` characters, and control characters, direction marks and lone
    surrogates in it are replaced by U+FFFD, so that a sentence with it can be sent and stored anywhere.
    """

    code: str
    values: Mapping[str, str]

    def __init__(self, code: str, values: Mapping[str, str] | None = None) -> None:
        shown = {name: _shown(value) for name, value in (values or {}).items()}
        super().__init__(code, shown)
        self.code = code
        self.values = shown

    def __str__(self) -> str:
        """The code in words, and the values: English enough for a log. People read the wording's sentence."""
        words = self.code.replace("_", " ")
        values = ", ".join(f"{name}: {value}" for name, value in self.values.items())
        return f"{words} ({values})" if values else words


def _shown(value: str) -> str:
    short = value if len(value) <= MOST_SHOWN else value[: MOST_SHOWN - 1] + "…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in short)
