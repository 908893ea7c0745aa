"""What something took: by the clock, and of this process's processor."""

import time
from collections.abc import Callable
from typing import NamedTuple


class Seconds(NamedTuple):
    """Seconds by the clock, and of the processor."""

    clock: float = 0
    processor: float = 0

    def and_of(self, other: "Seconds") -> "Seconds":
        """What both took together."""
        return Seconds(self.clock + other.clock, self.processor + other.processor)


def now() -> Seconds:
    """The time of both."""
    return Seconds(time.perf_counter(), time.process_time())


def since(begun: Seconds) -> Seconds:
    """What has passed since."""
    ended = now()
    return Seconds(ended.clock - begun.clock, ended.processor - begun.processor)


def timed(work: Callable[[], object]) -> Seconds:
    """Do it, and say what it took."""
    begun = now()
    work()
    return since(begun)
