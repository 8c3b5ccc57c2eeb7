"""A reader of the dashboard without a browser: its websocket, its clicks, the files of its map.

It says to the server what a browser says: the address it has, the value of every filter, which
large messages it kept; and it fetches what the map fetches. It draws nothing, so that many
readers cost the machine of the server little.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

FILTERS = ("layers", "level", "measure", "period", "nationality", "trafficking_type")
SELECTS = {"selectbox": False, "multiselect": True, "button_group": True}
"""Elements that filter, and whether they hold several values."""
MOST_SET = 2  # filters off their opening values; then the reader puts one back
PATIENCE = 120.0  # seconds for one answer

_SERVED = re.compile(r"app/static/[\w.-]+")


@dataclass(frozen=True)
class Answer:
    """One run of the page, as its reader has it.

    Attributes
    ----------
    map : float
        Seconds until the map's values, and the files it asks for, were here; 0 without a map.
    whole : float
        Seconds until the page was whole, its map included.
    size : int
        Bytes that came through the websocket.
    failed : bool
        Whether the page showed an error.
    """

    map: float
    whole: float
    size: int
    failed: bool


@dataclass(frozen=True)
class Filter:
    """One filter as the page shows it."""

    id: str
    several: bool
    options: tuple[str, ...]
    values: tuple[str, ...]

    def state(self, values: tuple[str, ...]) -> WidgetState:
        """Value of the filter as the browser sends it."""
        if not self.several:
            return WidgetState(id=self.id, string_value=values[0])
        state = WidgetState(id=self.id)
        state.string_array_value.data.extend(values)
        return state


@dataclass
class Kept:
    """Large messages that a browser keeps while pages use them, as Streamlit's own script does."""

    messages: dict[str, tuple[ForwardMsg, int]] = field(default_factory=dict)
    runs: int = 0
    longest: int = 2  # runs that an unused message is kept; the server says

    def taken(self, message: ForwardMsg) -> ForwardMsg:
        """Message itself, or the kept one that it names; either is used now."""
        name = message.ref_hash
        whole = self.messages[name][0] if name else message
        if name or message.metadata.cacheable:
            self.messages[name or message.hash] = whole, self.runs
        return whole

    def finished(self) -> None:
        """Drop what no run has used for long."""
        self.runs += 1
        self.messages = {
            name: (message, used)
            for name, (message, used) in self.messages.items()
            if self.runs - used <= self.longest
        }


@dataclass
class Reader:
    """One session.

    Attributes
    ----------
    host : str
        Host and port of the server.
    chance : random.Random
        Which filters this reader changes, and how long it looks at a map.
    """

    host: str
    chance: random.Random
    filters: dict[str, Filter] = field(default_factory=dict)
    opening: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    files: set[str] = field(default_factory=set)
    query: str = ""
    page: str = ""
    socket: websockets.ClientConnection | None = None

    async def opened(self) -> Answer:
        """Open the map and fetch its files."""
        start = time.perf_counter()
        self.socket = await websockets.connect(
            f"ws://{self.host}/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,
        )
        answer = await self._run(None, start)
        self.opening = {name: one.values for name, one in self.filters.items()}
        return answer

    async def changed(self) -> Answer:
        """Change one filter."""
        return await self._run(self._change(), time.perf_counter())

    async def close(self) -> None:
        """End the session."""
        if self.socket:
            await self.socket.close()

    def _change(self) -> dict[str, tuple[str, ...]]:
        """Filter to change, and its new values: one more is set, or one put back."""
        usable = {name: one for name, one in self.filters.items() if len(one.options) > 1}
        moved = [name for name, one in usable.items() if one.values != self.opening.get(name)]
        if len(moved) >= MOST_SET:
            name = self.chance.choice(moved)
            return {name: self.opening.get(name, usable[name].options[:1])}
        name = self.chance.choice(sorted(set(usable) - set(moved)))
        one = usable[name]
        other = self.chance.choice([value for value in one.options if value not in one.values])
        return {name: (*one.values, other) if name == "layers" else (other,)}

    async def _run(self, change: dict[str, tuple[str, ...]] | None, start: float) -> Answer:
        """Ask for a run of the page and take in what it says."""
        await self.socket.send(self._asked(change or {}))
        size = failed = 0
        fetching = None
        async with asyncio.timeout(PATIENCE):
            async for payload in self.socket:
                message = self.kept.taken(ForwardMsg.FromString(payload))
                size += len(payload)
                kind = message.WhichOneof("type")
                if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                    element = message.delta.new_element
                    failed |= element.WhichOneof("type") == "exception"
                    if self._is_map(element):
                        fetching = asyncio.create_task(self._fetched(element, start))
                self._take(message, kind)
                if kind == "script_finished" and not message.script_finished:
                    break
            said = time.perf_counter() - start
            shown = await fetching if fetching else 0.0
        return Answer(shown, max(said, shown), size, bool(failed))

    def _asked(self, change: dict[str, tuple[str, ...]]) -> bytes:
        state = ClientState(query_string=self.query, page_script_hash=self.page)
        state.context_info.url = f"http://{self.host}/"
        for name, one in self.filters.items():
            state.widget_states.widgets.append(one.state(change.get(name, one.values)))
        state.cached_message_hashes.extend(self.kept.messages)
        return BackMsg(rerun_script=state).SerializeToString()

    def _take(self, message: ForwardMsg, kind: str) -> None:
        """Keep what the next question will say."""
        if kind == "new_session":
            self.page = message.new_session.page_script_hash
            self.kept.longest = message.new_session.config.max_cached_message_age
        elif kind == "script_finished" and not message.script_finished:
            self.kept.finished()
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._take_filter(message.delta.new_element)

    def _take_filter(self, element) -> None:
        kind = element.WhichOneof("type")
        if kind not in SELECTS:
            return
        proto = getattr(element, kind)
        name = proto.id.rpartition("-")[2]
        if name in FILTERS:
            options = [getattr(option, "content", option) for option in proto.options]
            self.filters[name] = Filter(
                proto.id, SELECTS[kind], () if proto.disabled else tuple(options), _values(proto)
            )

    @staticmethod
    def _is_map(element) -> bool:
        return (
            element.WhichOneof("type") == "component_instance"
            and "st_folium" in element.component_instance.component_name
        )

    async def _fetched(self, element, start: float) -> float:
        """Seconds until the files of the map, which a browser fetches once, are here."""
        named = set(_SERVED.findall(element.component_instance.json_args)) - self.files
        self.files |= named
        await asyncio.gather(*(_got(self.host, path) for path in sorted(named)))
        return time.perf_counter() - start


def _values(proto) -> tuple[str, ...]:
    """Values that a filter stands on: set by the page, or its defaults."""
    if hasattr(proto, "raw_value"):
        return (proto.raw_value if proto.set_value else proto.options[proto.default],)
    if proto.set_value:
        return tuple(proto.raw_values)
    options = [getattr(option, "content", option) for option in proto.options]
    return tuple(options[number] for number in proto.default)


async def _got(host: str, path: str) -> int:
    """Bytes of a file."""
    name, _, port = host.partition(":")
    source, sink = await asyncio.open_connection(name, int(port))
    asked = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    sink.write(asked.encode("ascii"))
    await sink.drain()
    size = len(await source.read(-1))
    sink.close()
    return size
