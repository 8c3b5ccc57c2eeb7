"""Synthetic case files, calibrated to what the two source documents print.

No record here describes a person. Every case id begins with ``SYNTHETIC-`` and the
mappings ``demo_national``, ``demo_deck`` and ``demo_sheet`` say so in every release.
All weights and quotas are tables of ``data/demo``; its README says how each was set.

========  ==========================================================================
national  About 25,000 cases, 2012-2016, both countries, all types and venues: what a
          national hotline would see.
deck      1,560 cases, December 2007 to January 2016, 5,240 victims, all sex trafficking
          of women and girls of 17 nationalities; 44 US states have cases.
sheet     727 cases and 1,257 victims, 30 September 2015 to 31 July 2017, with every
          victim figure the fact sheet prints.
========  ==========================================================================

The documents print no number of a single state, so the geography is made up. The
deck's is *concentrated on purpose*, or nothing of it could be shown with k = 11: its
counts by state are fixed in ``data/demo/deck.csv``. Twelve US states hold 61 % of its
cases, eight Mexican states 17 %, the 32 other US states with cases 17 %. The twelve
hold 78 % of the residential brothel and 82 % of the escort cases; of the cantina cases
they hold 50 %, and the eight Mexican states 34 %.
"""

from __future__ import annotations

import os
from pathlib import Path

from geo.demo import fact_sheet, hotline, slide_deck
from geo.demo.fact_sheet import sheet
from geo.demo.hotline import CASES, national
from geo.demo.records import COLUMNS
from geo.demo.slide_deck import deck
from geo.model import UnusableError

SEEDS = {"national": hotline.SEED, "deck": slide_deck.SEED, "sheet": fact_sheet.SEED}

__all__ = ["CASES", "COLUMNS", "SEEDS", "deck", "national", "sheet", "write"]


def write(like: str, path: str | Path, cases: int | None = None, seed: int | None = None) -> None:
    """Write one of the three files as CSV (UTF-8); the same call gives the same bytes.

    Parameters
    ----------
    like : {'national', 'deck', 'sheet'}
    path : str or Path
        A file; one that is there is replaced.
    cases : int, optional
        Of ``national`` only: the two others have the cases of their documents.
    seed : int, optional
        ``SEEDS`` by default.

    Raises
    ------
    UnusableError
        No such demonstration, a number of cases that cannot be, or an unwritable path.
    """
    path = Path(path)
    _check(like, path, cases)
    seed = SEEDS[like] if seed is None else seed
    if seed < 0:
        raise UnusableError(f"seed {seed}: expected 0 or more")
    made = {"deck": deck, "sheet": sheet}
    table = made[like](seed) if like in made else national(cases or CASES, seed)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        table.to_csv(temporary, index=False, lineterminator="\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise UnusableError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _check(like: str, path: Path, cases: int | None) -> None:
    if like not in SEEDS:
        raise UnusableError(f"no demonstration {like!r}: expected one of {', '.join(SEEDS)}")
    if cases is not None and like != "national":
        raise UnusableError(f"{like} has the cases of its document; leave out the number of cases")
    if cases is not None and cases < 1:
        raise UnusableError(f"{cases} cases: expected 1 or more")
    if path.is_dir():
        raise UnusableError(f"{path}: a folder; give the name of a CSV file")
    if path.exists() and not path.is_file():
        raise UnusableError(f"{path}: not a plain file; give the name of a CSV file")
    if not path.parent.is_dir():
        raise UnusableError(f"{path.parent}: no such folder; make it first")
