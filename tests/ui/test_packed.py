"""Values as compressed text."""

import time

from ui.packed import compressed, packed, unpacked


def test_compressed_values_have_the_same_bytes_at_any_time(monkeypatch):
    once = compressed({"scale": 1})
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert compressed({"scale": 1}) == once


def test_a_packed_text_is_plain_letters_and_holds_every_value():
    values = {"name": "Ciudad Juárez – ½", "rows": [[1, None, 0.5], []]}
    text = packed(values)
    assert text.isascii()
    assert unpacked(text) == values
