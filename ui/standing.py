"""How a release stands today: whether it is old, and whether a later one took its place.

From the manifests and the ledger alone; the day is given, so that the same day says the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo import ledger
from ui import coverage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_FEBRUARY, _LEAP_DAY = 2, 29


class Later(NamedTuple):
    """The release that took the place of another, and its folder; ``""`` where it is elsewhere."""

    id: str
    folder: str = ""


def ended(manifest: Mapping) -> date | None:
    """Last day that a release covers, over all its blocks of time; None where no day is told."""
    return max((days.end for _, days in coverage.blocks(manifest)), default=None)


def old(manifest: Mapping, today: date, years: int) -> bool:
    """Whether what a release covers ended more than some `years` before `today`.

    >>> from datetime import date
    >>> sample = {"coverage": {"start": "2014", "end": "2015", "label": "2014–2015"}}
    >>> [old(sample, date(2018, 12, day), 3) for day in (30, 31)]
    [False, False]
    >>> old(sample, date(2019, 1, 1), 3)
    True
    """
    end = ended(manifest)
    if end is None:
        return False
    leap = (today.month, today.day) == (_FEBRUARY, _LEAP_DAY)
    before = today.replace(year=today.year - years, day=_LEAP_DAY - 1 if leap else today.day)
    return end < before


def later(
    folder: str, manifests: Mapping[str, Mapping], entries: Sequence[ledger.Entry]
) -> Later | None:
    """Find the newest release of the same series and audience, where it is not this one.

    Parameters
    ----------
    folder : str
        Folder of the release that is asked about.
    manifests : mapping of str to mapping
        Manifest of every release that may be shown, by its folder.
    entries : sequence of Entry
        The ledger beside them, oldest first: what covers no more days came out later there.
    """
    own = manifests[folder]
    names = [one.id for one in entries if one.event == ledger.RELEASED]
    order = {name: number for number, name in enumerate(names)}
    same = [name for name, one in manifests.items() if _kin(one) == _kin(own)]
    newest = max(same, key=lambda name: _order(manifests[name], order))
    if _order(manifests[newest], order) > _order(own, order):
        return Later(manifests[newest]["id"], newest)
    gone = ledger.withdrawn(tuple(entries)) | {one["id"] for one in manifests.values()}
    listed = [one.id for one in entries if (one.series, one.audience) == _kin(own)]
    since = [name for name in listed if order[name] > order.get(own["id"], len(names))]
    elsewhere = [name for name in since if name not in gone]
    return Later(elsewhere[-1]) if elsewhere else None


def _kin(manifest: Mapping) -> tuple[str, str]:
    return manifest["series"], manifest["audience"]


def _order(manifest: Mapping, order: Mapping[str, int]) -> tuple:
    """Later: covers more, then came out later, then is called so."""
    end = ended(manifest)
    return (end.isoformat() if end else "", order.get(manifest["id"], -1), manifest["id"])
