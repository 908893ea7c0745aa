"""Standard streams as a shell sets them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any


@contextmanager
def moved(number: int, file: IO[Any]) -> Iterator[None]:
    """Standard input (0) or output (1) of the process, connected with a file meanwhile."""
    kept = os.dup(number)
    os.dup2(file.fileno(), number)
    try:
        yield
    finally:
        os.dup2(kept, number)
        os.close(kept)
