"""The refusal of records from an archive, which several modules raise."""


class NotTaken(ValueError):  # noqa: N818 - it answers a person
    """A record of an archive cannot be put on record; `line` is where it stands, where one line is to blame."""

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        super().__init__(sentence)
        self.line = line
