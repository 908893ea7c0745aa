"""How an archive is refused: in a sentence that names the line."""

MOST_SHOWN = 80


class ArchiveRefused(ValueError):  # noqa: N818 - it answers a person
    """The archive cannot be taken as it is; str() says where, what is wrong, and what to do."""

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        super().__init__(sentence if line is None else f"Line {line:,}: {sentence}")


def shown(text: str) -> str:
    """A piece of what was written, short and without characters that act on the sentence around it."""
    short = text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in short)
