"""Values that travel as compressed text: compressed once, and unpacked by the browser."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode, b64encode


def compressed(values: dict) -> bytes:
    """JSON as gzip has it; the same bytes for the same values at any time."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8"), mtime=0)


def packed(values: dict) -> str:
    """Compressed values as text, which no session can change for another.

    >>> unpacked(packed({"a": [1, None]}))
    {'a': [1, None]}
    """
    return b64encode(compressed(values)).decode("ascii")


def unpacked(text: str) -> dict:
    """Values of a packed text, as the browser has them."""
    return json.loads(gzip.decompress(b64decode(text)))
