"""How much of the signal a release keeps, in bands coarse enough to be told in public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.model import SIGNAL, SIGNAL_LEAST

if TYPE_CHECKING:
    import pandas as pd


def band(table: pd.DataFrame) -> str | None:
    """Band of the utility that a receipt may tell, None where none may be told.

    The exact share would disclose. Readers know the published weight P, so that the share gives
    the weight W of the cells that have k cases and are withheld, and from round weights their
    number: in a line of hidden cells, how many are small. A band leaves W within a third of P at
    the least (of three quarters or more: from 0 to P/3), far more than any one cell weighs
    where P is `geo.model.SIGNAL_LEAST` or more. So whichever hidden cell somebody looks at, it
    may be among those with k cases, or not; and a lower end of W says of no cell that it is small.
    Of a smaller release nothing is told.

    Parameters
    ----------
    table : pandas.DataFrame
        What `geo.protect.utility` returns: eligible, published, weight, one row a view.

    Returns
    -------
    str or None
        A key of `geo.model.SIGNAL`.
    """
    published = float((table["published"] * table["weight"]).sum())
    eligible = float((table["eligible"] * table["weight"]).sum())
    if published < SIGNAL_LEAST:
        return None
    return next(name for name, least in SIGNAL.items() if published >= least * eligible)
