"""The one place that knows the session: address in, choice out, and back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from geo.model import ALL, ReleaseError
from geo.release import Listing
from ui import access, load, maps, present, search, trends
from ui.choice import ON, Choice, Offered, address, parse
from ui.i18n import Texts, texts

if TYPE_CHECKING:
    from ui.lookup import Opened, Shown

MAP = "map"
PICKED = "picked"
STEPPED = "stepped"
SOUGHT = "sought"
ASKED = "asked"
SIGNING = "signing"  # what became of a sign-in that came to nothing: "unanswered" or "failed"
LONGEST = 1_000  # characters of an address that is kept until a reader has signed in


@dataclass(frozen=True)
class Page:
    """All that a page shows from.

    Attributes
    ----------
    source : Opened
        The chosen release.
    choice : Choice
    t : Texts
        Words of the chosen language.
    problems : tuple of str
        Parts of the address that could not be used.
    refused : geo.release.Listing or None
        Release that the address asked for and that must not be shown.
    several : bool
        Whether the page adds up several periods and marks clusters. To one that does not, the
        choice says the block's total and no clusters, while the address keeps both for the
        pages that do.
    """

    source: Opened
    choice: Choice
    t: Texts
    problems: tuple[str, ...]
    several: bool = False
    refused: Listing | None = None


def current(several: bool = False) -> Page:
    """Page that the address says; an unusable part of the address is replaced, and told once.

    A release that must not be shown is replaced by the first one that may, and told.

    Raises
    ------
    geo.model.ReleaseError
    """
    releases = tuple(one.folder.name for one in load.listings())
    params = st.query_params.to_dict()
    first, _ = parse(params, Offered(releases=releases))
    source, refused = _opened(first.release, releases)
    refused = refused or _refused(params.get("release", ""))
    usable = {**params, "release": source.release.folder.name} if refused else params
    choice, problems = parse(usable, source.offered)
    if problems or refused:
        go(choice, source.offered)
        _keep(params, problems, releases)
    shown = choice if several else replace(choice, periods=(), clusters="")
    return Page(source, shown, texts(choice.lang), problems, several, refused)


def _opened(wanted: str, releases: tuple[str, ...]) -> tuple[Opened, Listing | None]:
    """Wanted release, or the first that can be opened beside the refusal of the wanted one."""
    try:
        return load.opened(wanted), None
    except ReleaseError as error:
        refused = Listing(load.root() / wanted, refused=str(error), why=error.why)
    others = [name for name in releases if name != wanted]
    for name in others[:-1]:
        with suppress(ReleaseError):
            return load.opened(name), refused
    return load.opened(others[-1] if others else wanted), refused


def _keep(params: dict[str, str], problems: tuple[str, ...], releases: tuple[str, ...]) -> None:
    """Keep the address of a release that is not there for this reader: it may be once signed in."""
    wanted = urlencode(params)
    if "release" in problems and params["release"] not in releases and len(wanted) <= LONGEST:
        st.session_state[ASKED] = wanted


def asked() -> str:
    """Address, as a query, that this reader came with and could not be shown; or nothing."""
    return st.session_state.get(ASKED, "")


def sign_in() -> None:
    """Lead the reader to the login provider, or note that it does not answer."""
    if access.provider_answers():
        st.login()
    else:
        st.session_state[SIGNING] = "unanswered"


def sign_in_failed() -> None:
    """Note that a reader came back from the provider without being signed in."""
    st.session_state[SIGNING] = "failed"


def signing(forget: bool = False) -> str:
    """What became of a sign-in that came to nothing, until it is told; else nothing."""
    take = st.session_state.pop if forget else st.session_state.get
    return take(SIGNING, "")


def _refused(asked: str) -> Listing | None:
    return next((one for one in load.refused() if one.folder.name == asked), None)


def dark() -> bool:
    """Whether the page of this reader is dark, as their system or their own choice says."""
    return st.context.theme.type == "dark"


def language() -> str:
    """Language of the address, before any release is read."""
    return parse(st.query_params.to_dict(), Offered(releases=()))[0].lang


def go(choice: Choice, offered: Offered) -> None:
    """Write a choice into the address."""
    st.session_state.pop(ASKED, None)
    st.query_params.from_dict(address(choice, offered))


def link(base: str, choice: Choice, offered: Offered) -> str:
    """Full address of a choice on the server that `base` is a page of.

    The language is always said: whoever is given the address reads the same words.
    """
    parts = {**address(choice, offered), "lang": choice.lang}
    return f"{base.partition('?')[0].partition('#')[0]}?{urlencode(parts, safe=',')}"


def seed(name: str, value: object) -> str:
    """Give widget `name` the value that the address says; returns its key."""
    st.session_state[name] = value
    return name


def change(page: Page, name: str) -> None:
    """Take the value of widget `name` into the address."""
    value = st.session_state[name]
    if name == "period":
        go(_latest(page).during(_periods(page, value)), page.source.offered)
        return
    if isinstance(value, list):
        value = tuple(code for code in page.source.offered.layers if code in value)
    if not value:
        value = page.source.offered.opening if name == "layers" else getattr(page.choice, name)
    go(replace(_latest(page), **{name: value}), page.source.offered)


def turn(page: Page, name: str) -> None:
    """Take switch `name` into the address, on or off."""
    turned = ON if st.session_state[name] else ""
    go(replace(_latest(page), **{name: turned}), page.source.offered)


def one_layer(page: Page, name: str) -> None:
    """Take the one layer of widget `name` into the address; none keeps the one there is."""
    layer = st.session_state[name]
    if layer:
        go(replace(_latest(page), layers=(layer,)), page.source.offered)


def _periods(page: Page, value: str | list[str]) -> tuple[str, ...]:
    """Periods in their order; the block's total takes the place of all others."""
    chosen = [value] if isinstance(value, str) else value
    if ALL in chosen:
        return ()
    return tuple(code for code in page.source.offered.filters["period"] if code in chosen)


def only(page: Page, name: str) -> None:
    """Take the one layer of widget `name` in place of those chosen."""
    code = st.session_state[name] or page.choice.layers[0]
    go(replace(_latest(page), layers=(code,)), page.source.offered)


def between(page: Page, name: str, other: str) -> None:
    """Take the two periods of widgets `name` and `other`."""
    chosen = {"period": st.session_state[name], "versus": st.session_state[other]}
    go(replace(_latest(page), **chosen), page.source.offered)


def switch(page: Page, name: str) -> None:
    """Take another release: filters that it lacks fall back without a word."""
    other(page, st.session_state[name])


def other(page: Page, release: str) -> None:
    """Open the view in the release of folder `release`."""
    chosen = replace(_latest(page), release=release, place="")
    try:
        source = load.opened(chosen.release)
    except ReleaseError:  # the page that opens says why
        go(chosen, page.source.offered)
        return
    wanted = {**address(chosen, page.source.offered), "release": chosen.release}
    go(parse(wanted, source.offered)[0], source.offered)


def _latest(page: Page) -> Choice:
    """Choice with the view of the map that the address has now: the browser moves it."""
    return parse(st.query_params.to_dict(), page.source.offered)[0]


def kept(page: Page) -> dict[str, str]:
    """Address of the view with all its parts, for links to other pages."""
    return address(_latest(page), page.source.offered)


def whole(page: Page) -> Choice:
    """Choice that the address says, with the periods that a page of one period leaves out."""
    return _latest(page)


def changed_over_time(page: Page, place: str = "") -> dict[str, str]:
    """Address of the trends that say how the view of a page changed, or a place in it."""
    return address(trends.followed(replace(_latest(page), place=place)), page.source.offered)


def summed_elsewhere(page: Page) -> bool:
    """Whether the address has several periods and the page shows the block's total instead."""
    return not page.several and bool(_latest(page).periods)


def pick(page: Page, place: str) -> None:
    """Open a place, or close it with ``""``."""
    if place == "" or place in page.source.offered.places:
        go(replace(_latest(page), place=place), page.source.offered)


def click(page: Page, found: Shown) -> None:
    """Open the place that was clicked on the map."""
    event = (st.session_state.get(MAP) or {}).get("last_clicked")
    pick(page, maps.clicked(page.source, found, event))


def row(page: Page, name: str) -> None:
    """Open the place that was picked in the table."""
    pick(page, st.session_state[name].get(PICKED) or "")


def step(page: Page, name: str) -> None:
    """Take the next or previous layer, as the keys of widget `name` ask."""
    asked = st.session_state[name].get(STEPPED)
    go(present.stepped(_latest(page), page.source.offered, asked), page.source.offered)


def find(page: Page, found: Shown, name: str) -> None:
    """Open the area that was searched by name, and let the map move to it."""
    place = search.area(page.source, found, st.session_state[name].get(PICKED))
    if place:
        st.session_state[SOUGHT] = sought() + 1
        pick(page, place)


def sought() -> int:
    """Number of places that this session has searched by name."""
    return st.session_state.get(SOUGHT, 0)
