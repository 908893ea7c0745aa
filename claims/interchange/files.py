"""Files that are there whole or not at all; whether one can be put where it is to go; and standard output."""

import errno
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

OPEN_INPUT, OPEN_OUTPUT = 0, 1
"""Standard input and output as `is_same_file` takes them."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A stream into a draft beside `path`, which takes its place when all is written and on disk.

    Where anything fails the draft is removed, and what was at `path` before is still there. A device or a pipe is
    written to as it is. Raises OSError, which names `path`.
    """
    draft = _draft(path)
    with _named(path, draft):
        if _is_device(path):
            with path.open("wb") as file:
                yield file
            return
        try:
            with draft.open("xb+") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(draft)
            raise


def try_place(path: Path) -> None:
    """Try whether `whole_file` can put a file there; what is there stays. Raises OSError, which names `path`."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    draft = _draft(path)
    with _named(path, draft):
        if not _is_device(path):
            draft.open("xb").close()
            os.unlink(draft)


def is_same_file(one: Path | int, other: Path) -> bool:
    """Whether both lead to one file, by links too, and also where it is not there yet; `one` may be open, a number."""
    try:
        return os.path.samefile(one, other) and other.is_file()  # noqa: PTH121 - an open file has no path
    except OSError:
        return isinstance(one, Path) and os.path.realpath(one) == os.path.realpath(other)


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output for the bytes of a file; whoever reads it may have read enough, and the command ends with 1.

    Raises OSError, which names it, where it takes no more.
    """
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except OSError as error:
        if error.filename is not None:
            raise
        # Or what is still in its buffer would be tried once more when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise SystemExit(1) from None
        error.filename = "standard output"
        raise


def _is_device(path: Path) -> bool:
    """Whether it is there and no file: a device, a pipe, or a folder, which refuses to be opened."""
    return path.exists() and not path.is_file()


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")


@contextmanager
def _named(path: Path, draft: Path) -> Iterator[None]:
    """Let an error with the draft, or with the stream, name the file that was asked for."""
    try:
        yield
    except OSError as error:
        if error.filename in (None, str(draft)):
            error.filename = str(path)
        raise
