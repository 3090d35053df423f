"""Whether the wall clock was set: it is compared with the one that only ever runs forward.

Whoever counts by the wall clock, as the limits of requests do, holds what was counted in a future that a
clock set back takes hours to reach again; and a clock set forward ends every period at once.
"""

import time

#: More than clocks drift apart between two requests, in seconds.
_JUMP = 2.0


class ClockWatch:
    """Notices a jump once; a drift it follows."""

    def __init__(self) -> None:
        self._offset = _offset()

    def jumped(self) -> bool:
        """Whether the wall clock was set since the last look."""
        before, self._offset = self._offset, _offset()
        return abs(self._offset - before) > _JUMP


def _offset() -> float:
    return time.time() - time.monotonic()
