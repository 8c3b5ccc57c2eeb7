"""A client that is no browser: what the server says to whoever writes the headers by hand."""

import socket

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

PATIENCE = 120  # seconds


def said(address: str, headers: dict[str, str] | None = None, query: str = "", **options) -> str:
    """All that one run of the page sends, as text."""
    given = dict(headers or {})
    origin, host = given.pop("Origin", None), given.pop("Host", None)
    url = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    if host:  # the connection still goes where the address says
        options["sock"] = socket.create_connection(_place(address), PATIENCE)
        url = f"ws://{host}/_stcore/stream"
    asked = BackMsg()
    asked.rerun_script.query_string = query
    with connect(
        url, origin=origin, additional_headers=given, subprotocols=["streamlit"],
        max_size=None, open_timeout=PATIENCE, **options,
    ) as stream:  # fmt: skip
        stream.send(asked.SerializeToString())
        return "\n".join(_until_finished(stream))


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition("//")[2].partition(":")
    return host, int(port)


def _until_finished(stream):
    """Text of each message, until the page has run."""
    while True:
        message = ForwardMsg()
        message.ParseFromString(stream.recv(timeout=PATIENCE))
        yield str(message)
        if message.WhichOneof("type") == "script_finished":
            return
