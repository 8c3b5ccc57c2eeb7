"""What the reader chose, and the address that says it.

The address bar is the state: every run parses it against the code lists of the release
into a frozen :class:`Choice`. What is not on a list falls back, and is told.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from geo import trees
from geo.model import ALL, COUNTRIES, DIMENSIONS
from ui.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

AUTO = "auto"
LEVELS = (AUTO, "state", "h3_3", "h3_4")
COUNT, RATE, HISPANIC = "count", "rate", "hispanic"
MEASURES = (AUTO, COUNT, RATE, HISPANIC)
FILTERS = ("period", "nationality", "trafficking_type")
GRAINS = ("year", "quarter")
BY = ("venue", "nationality", "trafficking_type", ALL)
SERIES = ("few", "every")
COMPARED = ("layers", "periods", "overlap")
ON = "on"

_NAMES = {"trafficking_type": "type"}
_VIEW = re.compile(r"-?\d{1,2}(\.\d{1,4})?,-?\d{1,3}(\.\d{1,4})?,\d{1,2}(\.\d{1,2})?")
_LEAST_ZOOM, _MOST_ZOOM = 2, 10


@dataclass(frozen=True)
class Offered:
    """Values the address may hold: only what the release has published.

    Attributes
    ----------
    releases : tuple of str
        Folder names, the one that opens first at the front.
    layers : tuple of str
        Venue codes, and ``all``.
    opening : tuple of str
        The layers a release opens with.
    filters : mapping of str to tuple of str
        Codes of period, nationality and trafficking_type, without ``all``.
    places : frozenset of str
        States and hex parts in the release.
    """

    releases: tuple[str, ...]
    layers: tuple[str, ...] = (ALL,)
    opening: tuple[str, ...] = (ALL,)
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choice:
    """One view of the dashboard; every part is a code of the release's lists.

    Attributes
    ----------
    measure : str
        ``auto``: a rate where states are in front, a count where hexagons are.
    compare : str
        What the page that compares sets side by side, of ``COMPARED``.
    versus : str
        Second period there; ``""`` for none chosen.
    country : str
        Country of exploitation, where a page shows one at a time; ``all`` for both.
    view : str
        Centre and zoom of the map, ``latitude,longitude,zoom`` in degrees; ``""`` for the
        whole study area. The map writes and reads it in the browser.
    grain, by, where, series : str
        Of the trends: year or quarter, the dimension that has a line a code, a country or
        state, and whether the few main lines or every one.
    clusters : str
        ``on`` where clusters of reports are marked, else ``""``.
    periods : tuple of str
        Two or more periods without a case in common, whose counts are summed; `period` is
        ``all`` beside them. A page that knows one period only may leave them out: it then
        shows the block's total, and says so.
    """

    lang: str
    release: str
    layers: tuple[str, ...]
    level: str = AUTO
    measure: str = AUTO
    period: str = ALL
    nationality: str = ALL
    trafficking_type: str = ALL
    place: str = ""
    compare: str = COMPARED[0]
    versus: str = ""
    country: str = ALL
    view: str = ""
    grain: str = GRAINS[0]
    by: str = BY[0]
    where: str = ALL
    series: str = SERIES[0]
    clusters: str = ""
    periods: tuple[str, ...] = ()

    def times(self) -> tuple[str, ...]:
        """Periods that are shown: several, to be summed, or one."""
        return self.periods if self.periods and self.period == ALL else (self.period,)

    def during(self, periods: tuple[str, ...]) -> Choice:
        """Choice of one period, of several to be summed, or of none: the block's total."""
        several = periods if len(periods) > 1 else ()
        one = ALL if several else next(iter(periods), ALL)
        return replace(self, period=one, periods=several)

    def filters(self) -> dict[str, str]:
        """Code of each filter that is set; several periods joined as in the address."""
        chosen = {name: getattr(self, name) for name in FILTERS}
        chosen["period"] = ",".join(self.times())
        return {name: code for name, code in chosen.items() if code != ALL}

    def without(self, *names: str) -> Choice:
        """Choice with some filters dropped."""
        kept = () if "period" in names else self.periods
        return replace(self, **dict.fromkeys(names, ALL), periods=kept)

    def cell(self, venue: str) -> tuple[str, ...]:
        """Codes of the choice for one layer, in the order of ``geo.model.DIMENSIONS``."""
        codes = {**{name: getattr(self, name) for name in FILTERS}, "venue": venue}
        return tuple(codes[name] for name in DIMENSIONS)

    def cells(self, venue: str) -> tuple[tuple[str, ...], ...]:
        """Codes for one layer, once for each period that is shown."""
        return tuple(self.during((period,)).cell(venue) for period in self.times())


def parse(params: Mapping[str, str], offered: Offered) -> tuple[Choice, tuple[str, ...]]:
    """Choice that an address says, and the names of its parts that could not be used.

    Parameters
    ----------
    params : mapping of str to str
        Query parameters as they came: untrusted.
    offered : Offered
    """
    problems = []

    def one(name: str, allowed: tuple[str, ...] | frozenset[str], fallback: str) -> str:
        text = params.get(_NAMES.get(name, name), fallback)
        if text == fallback or text in allowed:
            return text
        problems.append(name)
        return fallback

    layers = _layers(params.get("layers", ""), offered)
    if layers is None:
        problems.append("layers")
    view = params.get("view", "")
    if view and not _is_view(view):
        problems.append("view")
        view = ""
    periods = _periods(params.get("period", ALL), offered)
    if periods is None:
        problems.append("period")
    choice = Choice(
        lang=one("lang", LANGUAGES, LANGUAGES[0]),
        release=one("release", offered.releases, next(iter(offered.releases), "")),
        layers=layers or offered.opening,
        level=one("level", LEVELS, AUTO),
        measure=one("measure", MEASURES, AUTO),
        place=one("place", offered.places, ""),
        compare=one("compare", COMPARED, COMPARED[0]),
        versus=one("versus", (ALL, *offered.filters.get("period", ())), ""),
        country=one("country", COUNTRIES, ALL),
        view=view,
        grain=one("grain", GRAINS, GRAINS[0]),
        by=one("by", BY, BY[0]),
        where=one("where", _areas(offered), ALL),
        series=one("series", SERIES, SERIES[0]),
        clusters=one("clusters", (ON,), ""),
        **{
            name: one(name, offered.filters.get(name, ()), ALL)
            for name in FILTERS
            if name != "period"
        },
    )
    return choice.during(periods or ()), tuple(problems)


def _areas(offered: Offered) -> frozenset[str]:
    """Countries and states: places that are no hexagon."""
    return frozenset({*COUNTRIES, *(place for place in offered.places if "/" not in place)})


def _layers(text: str, offered: Offered) -> tuple[str, ...] | None:
    """Layers named in `text`, in the order offered; ``()`` for no text, None for a bad one."""
    named = text.split(",") if text else []
    if not set(named) <= set(offered.layers):
        return None
    return tuple(code for code in offered.layers if code in named)


def _periods(text: str, offered: Offered) -> tuple[str, ...] | None:
    """Periods named in `text`, in the order offered; ``()`` for the total, None for a bad text."""
    named = set(text.split(",")) if text != ALL else set()
    allowed = offered.filters.get("period", ())
    if not named <= set(allowed) or not disjoint(named):
        return None
    return tuple(code for code in allowed if code in named)


def disjoint(periods: Collection[str]) -> bool:
    """Whether no period lies in another, so that their counts may be summed.

    A case has one period, the earliest known (``docs/method.md``, section 1): it is in
    two periods only where one of them holds the other.

    >>> disjoint(["2014", "2015"]), disjoint(["2014", "2014-Q1"]), disjoint(["all", "2014"])
    (True, False, False)
    """
    above = {trees.parent_period(period) for period in periods}
    return len(periods) < 2 or (ALL not in periods and not above & set(periods))


def _is_view(text: str) -> bool:
    if not _VIEW.fullmatch(text):
        return False
    lat, lon, zoom = map(float, text.split(","))
    return abs(lat) <= 85 and abs(lon) <= 200 and _LEAST_ZOOM <= math.floor(zoom) <= _MOST_ZOOM


def address(choice: Choice, offered: Offered) -> dict[str, str]:
    """Query parameters of a choice; what the release opens with is left out.

    ``parse(address(choice, offered), offered)`` gives the choice back.
    """
    opening = Choice(LANGUAGES[0], next(iter(offered.releases), ""), offered.opening)
    parts = {}
    for part in fields(Choice):
        name = "period" if part.name == "periods" else part.name
        value = getattr(choice, part.name)
        if value != getattr(opening, part.name):
            text = value if isinstance(value, str) else ",".join(value)
            parts[_NAMES.get(name, name)] = text
    return parts
