"""Results that are made once a server, whichever session asks first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


@dataclass
class _Slot:
    """Place of one result, and the lock of whoever makes it."""

    lock: Lock = field(default_factory=Lock)
    made: tuple = ()


class Once:
    """Results by key, each made once: who asks while one is made waits for it.

    Parameters
    ----------
    most : int
        Results to keep; those that nobody asked for the longest go first.
    """

    def __init__(self, most: int):
        self._most = most
        self._slots: OrderedDict[Hashable, _Slot] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._slots)

    def of(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Result of `key`, made by `make` where nobody has; a failure is not kept."""
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            while len(self._slots) > self._most:
                self._slots.popitem(last=False)
        with slot.lock:
            if not slot.made:
                slot.made = (make(),)
        return slot.made[0]
