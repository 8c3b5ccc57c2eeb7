"""Who reads: the one place that asks, and what each may be shown.

Whoever is not known is the public. Nothing but a login that is configured, with an address
that is listed, or the word of whoever started the server on their own computer, shows more.
"""

from __future__ import annotations

import hmac
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PUBLIC = "public"
AUDIENCES = (PUBLIC, "coalition", "staff")  # each reads what those before it read
LISTS = {"staff": "MOSAICO_STAFF", "coalition": "MOSAICO_COALITION"}  # the widest first
WITHOUT_LOGIN = "MOSAICO_WITHOUT_LOGIN"
KEY, COOKIE = "MOSAICO_KEY", "mosaico_key"  # `make run` makes the key, ui/assets/key.js the cookie
SHORTEST_KEY = 16  # characters: whoever can reach the server may guess as often as they like
CLOCKS_APART = 300  # seconds that a provider's clock may be ahead
PATIENCE = 5  # seconds that a provider has to say where it signs readers in
THIS_COMPUTER = ("127.0.0.1", "::1", "localhost")
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")


@dataclass(frozen=True)
class Reader:
    """Who reads.

    Attributes
    ----------
    audience : {'public', 'coalition', 'staff'}
        The widest audience whose releases this reader may see.
    login : bool
        Whether a login is configured.
    signed_in : bool
    lapsed : bool
        Whether the sign-in is too long ago to count.
    """

    audience: str = PUBLIC
    login: bool = False
    signed_in: bool = False
    lapsed: bool = False

    def may_read(self, audience: str) -> bool:
        """Whether releases for `audience` are shown; what is for nobody known is for staff."""
        asked = audience if audience in AUDIENCES else AUDIENCES[-1]
        return AUDIENCES.index(asked) <= AUDIENCES.index(self.audience)


def reader(listed: Mapping[str, Iterable[str]], hours: float) -> Reader:
    """Who reads now: by login where one is configured, and else by how the server was started.

    Parameters
    ----------
    listed : mapping of str to addresses and domains
        ``[readers]`` of ``ui/settings.toml``; an environment variable of ``LISTS`` replaces
        the list of its audience.
    hours : float
        How long a sign-in counts. Streamlit's cookie lives for 30 days.
    """
    user = dict(st.user)
    if "is_logged_in" not in user:  # Streamlit says it wherever [auth] is among the secrets
        return Reader(_on_this_computer() if may_be_opened() and _has_key() else PUBLIC)
    if not user["is_logged_in"]:
        return Reader(login=True)
    if not recent(user, hours, time.time()):
        return Reader(login=True, lapsed=True)
    return Reader(audience(user, _lists(listed)), login=True, signed_in=True)


def recent(user: Mapping, hours: float, now: float) -> bool:
    """Whether the provider signed the user's token less than `hours` before `now` (in seconds).

    Examples
    --------
    >>> recent({"iat": 1_000}, hours=1, now=4_000)
    True
    """
    signed = user.get("iat")
    if isinstance(signed, bool) or not isinstance(signed, int | float):
        return False
    return -CLOCKS_APART <= now - signed < hours * 3600


def audience(user: Mapping, listed: Mapping[str, Iterable[str]]) -> str:
    """Audience of a user whose address the provider has verified and a list names.

    An entry is an address, or ``@`` and a domain; subdomains are not of it. Only ASCII is
    compared: letters of other alphabets can look, or turn, into the same.

    Examples
    --------
    >>> user = {"email": "Ana@example.org", "email_verified": True}
    >>> audience(user, {"staff": [], "coalition": ["@example.org"]})
    'coalition'
    """
    address = str(user.get("email") or "")
    verified = user.get("email_verified") in (True, "true")  # some providers write it as text
    if not verified or not address.isascii() or address.count("@") != 1:
        return PUBLIC
    address = address.lower()
    named = {address, address[address.index("@") :]}
    of = (name for name in LISTS if named & {one.strip().lower() for one in listed.get(name, ())})
    return next(of, PUBLIC)


def _lists(listed: Mapping[str, Iterable[str]]) -> dict[str, Iterable[str]]:
    set_outside = {name: os.environ.get(variable) for name, variable in LISTS.items()}
    return {
        name: listed.get(name, ()) if text is None else text.split(",")
        for name, text in set_outside.items()
    }


def provider_answers() -> bool:
    """Whether the login provider says where it signs readers in.

    Streamlit asks it only after the reader has left the page, and answers for one that is down
    with two words of English and no way back.
    """
    import httpx  # only who signs in waits for it, as with Authlib

    try:
        address = st.secrets["auth"]["server_metadata_url"]
        told = httpx.get(address, timeout=PATIENCE).raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError):
        return False
    return isinstance(told, dict) and "authorization_endpoint" in told


def may_be_opened() -> bool:
    """Whether a key opens this server: without a login, and heard by its own computer alone.

    That is not enough. A proxy of this computer that adds no header, a page elsewhere whose
    name was made to lead here and another user of this computer all come from here too, and
    can write any header: none of them has the key.
    """
    wanted = os.environ.get(WITHOUT_LOGIN, "")
    alone = st.get_option("server.address") in THIS_COMPUTER
    return wanted in AUDIENCES[1:] and alone and "is_logged_in" not in dict(st.user)


def _on_this_computer() -> str:
    """Audience that the server was started for, unless a proxy says that it passes this on."""
    passed_on = any(st.context.headers.get(name) for name in FORWARDED)
    return PUBLIC if passed_on else os.environ[WITHOUT_LOGIN]


def _has_key() -> bool:
    """Whether the browser shows the key that was printed where the server was started."""
    key = os.environ.get(KEY, "")
    shown = str(st.context.cookies.get(COOKIE) or "")
    return len(key) >= SHORTEST_KEY and hmac.compare_digest(shown.encode(), key.encode())
