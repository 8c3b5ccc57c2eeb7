"""Who reads: the one place that asks, and what each may be shown.

Whoever is not known is the public. Nothing but a login that is configured, with an address
that is listed, or the word of whoever started the server on their own computer, shows more.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PUBLIC = "public"
AUDIENCES = (PUBLIC, "coalition", "staff")  # each reads what those before it read
LISTS = {"staff": "MOSAICO_STAFF", "coalition": "MOSAICO_COALITION"}  # the widest first
WITHOUT_LOGIN = "MOSAICO_WITHOUT_LOGIN"
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
    """

    audience: str = PUBLIC
    login: bool = False
    signed_in: bool = False

    def may_read(self, audience: str) -> bool:
        """Whether releases for `audience` are shown; what is for nobody known is for staff."""
        asked = audience if audience in AUDIENCES else AUDIENCES[-1]
        return AUDIENCES.index(asked) <= AUDIENCES.index(self.audience)


def reader(listed: Mapping[str, Iterable[str]]) -> Reader:
    """Who reads now: by login where one is configured, and else by how the server was started.

    Parameters
    ----------
    listed : mapping of str to addresses and domains
        ``[readers]`` of ``ui/settings.toml``; an environment variable of ``LISTS`` replaces
        the list of its audience.
    """
    user = dict(st.user)
    if "is_logged_in" not in user:  # Streamlit says it wherever [auth] is among the secrets
        return Reader(_on_this_computer())
    if not user["is_logged_in"]:
        return Reader(login=True)
    return Reader(audience(user, _lists(listed)), login=True, signed_in=True)


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


def _on_this_computer() -> str:
    """Audience that the server was started for, where only its own computer can reach it."""
    wanted = os.environ.get(WITHOUT_LOGIN, "")
    alone = st.get_option("server.address") in THIS_COMPUTER
    passed_on = any(st.context.headers.get(name) for name in FORWARDED)
    return wanted if wanted in AUDIENCES and alone and not passed_on else PUBLIC
