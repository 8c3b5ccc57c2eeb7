"""States and countries as a record writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from geo.model import COUNTRIES, OUTSIDE, UNKNOWN
from geo.vocab import fold

if TYPE_CHECKING:
    from geo.vocab import Vocab

_STATE_OR_COUNTRY = ("mexico", "mex")
_PUERTO_RICO = "PR"
_DIGITS = 2
_COLUMN = {"fips": "fips_or_inegi", "inegi": "fips_or_inegi", "geonames": "geonames_admin1"}
_COUNTRY = {"fips": "US", "inegi": "MX"}


class _Place(NamedTuple):
    country: str
    state: str
    problem: str = ""
    country_bad: bool = False


def states(
    state: pd.Series, country: pd.Series, vocab: Vocab, system: str = "text"
) -> pd.DataFrame:
    """Country and state of every record.

    The state implies its country. *México* is the State of México only where the
    country is written too, or where the numbers of `system` say so.

    Parameters
    ----------
    state, country : pandas.Series of str
        As written; ``""`` is not known.
    vocab : Vocab
    system : {'text', 'fips', 'inegi', 'geonames'}
        What `state` holds: names and codes, or numbers (leading zeros optional).

    Returns
    -------
    pandas.DataFrame
        ``country`` (US, MX, outside, unknown), ``state`` (ISO 3166-2 or ``""``),
        ``problem`` (a rule of :mod:`geo.rules` or ``""``), ``country_bad``.
    """
    pairs = pd.MultiIndex.from_arrays([state, country])
    codes, values = pd.factorize(pairs)
    numbers = _numbers(vocab, system)
    read = [_placed(one, written, vocab, numbers) for one, written in values]
    table = pd.DataFrame(read, columns=list(_Place._fields)).take(codes).set_axis(state.index)
    return table.astype({"country": "str", "state": "str", "problem": "str", "country_bad": "bool"})


def _numbers(vocab: Vocab, system: str) -> dict[tuple[str, str], str]:
    """State of every (country, number); the country is ``""`` where the system implies it."""
    if system == "text":
        return {}
    table = vocab.states
    numbers = zip(table["parent"], table[_COLUMN[system]], table["code"], strict=True)
    known = {(country, number): code for country, number, code in numbers}
    implied = _COUNTRY.get(system)
    if implied:
        known = {pair: code for pair, code in known.items() if pair[0] == implied}
        known |= {("", number): code for (_, number), code in known.items()}
    return known


def _placed(state: str, written: str, vocab: Vocab, numbers: dict[tuple[str, str], str]) -> _Place:
    country, bad = _country(written, vocab)
    if vocab.index("nationalities").get(fold(written)) == _PUERTO_RICO:
        return _Place("US", "US-PR")
    if not state or country == OUTSIDE:
        return _Place(country, "", country_bad=bad)
    if vocab.index("common").get(fold(state)) == OUTSIDE and country == UNKNOWN:
        return _Place(OUTSIDE, "")
    if fold(state) in _STATE_OR_COUNTRY and country != "MX":
        problem = "state_ambiguous" if country == UNKNOWN else "state_contradicts_country"
        return _Place("MX" if country == UNKNOWN else country, "", problem)
    return _stated(state, country, _code(state, country, vocab, numbers), vocab)


def _stated(state: str, country: str, code: str, vocab: Vocab) -> _Place:
    if not code:
        meant = _country(state, vocab)[0] if country == UNKNOWN else country
        return _Place(meant if meant in COUNTRIES else country, "", "state_unknown")
    if country not in (UNKNOWN, code[:2]):
        return _Place(country, "", "state_contradicts_country")
    return _Place(code[:2], code)


def _code(state: str, country: str, vocab: Vocab, numbers: dict[tuple[str, str], str]) -> str:
    if numbers:
        number = state.zfill(_DIGITS)
        found = numbers.get((country, number)) or numbers.get(("", number))
        if found:
            return found
    return vocab.index("states").get(fold(state), "")


def _country(written: str, vocab: Vocab) -> tuple[str, bool]:
    """US, MX, outside or unknown; and whether the text is no country at all."""
    if not written:
        return UNKNOWN, False
    text = fold(written)
    code = vocab.index("nationalities").get(text, "")
    if code in COUNTRIES:
        return code, False
    known = bool(code) or vocab.index("common").get(text) == OUTSIDE
    return OUTSIDE, not known
