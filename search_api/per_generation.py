"""Things made once for the life of a generation, at first use."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from search_api.search import Searcher

Made = TypeVar("Made")


def once_per_generation(make: Callable[[Searcher], Made]) -> Callable[[Searcher], Made]:
    """``make``, remembered for each searcher until it is forgotten; one thread makes, others wait."""
    remembered: WeakKeyDictionary[Searcher, Made] = WeakKeyDictionary()
    lock = threading.Lock()

    @wraps(make)
    def remembering(using: Searcher) -> Made:
        found = remembered.get(using)
        if found is None:
            with lock:
                found = remembered.get(using)
                if found is None:
                    found = remembered[using] = make(using)
        return found

    return remembering
