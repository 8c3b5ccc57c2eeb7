"""Every word of the interface, in two languages, and numbers as each writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from geo import vocab

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")

# Code list of each dimension, and of each attribute of profiles and corridors.
LISTS = {
    "venue": "venues",
    "nationality": "nationalities",
    "trafficking_type": "trafficking_types",
    "gender": "genders",
    "age": "ages",
    "recruitment": "recruitment",
    "control": "control",
    "proximity": "proximity",
    "industry": "industries",
    "trafficker_nationality": "nationalities",
    "origin": "states",
}


@dataclass(frozen=True)
class Texts:
    """Words of one language, by key.

    Attributes
    ----------
    lang : {'en', 'es'}
    words : mapping of str to str
        Placeholders as in ``str.format``.
    """

    lang: str
    words: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Text of `key`; whole numbers among `values` are written as the language does."""
        shown = {
            name: self.number(value) if type(value) is int else value
            for name, value in values.items()
        }
        return self.words[key].format(**shown) if shown else self.words[key]

    def number(self, value: int) -> str:
        """Whole number with the language's thousands separator."""
        return f"{value:,}".replace(",", self.words["number.group"])

    def code(self, dimension: str, code: str) -> str:
        """Words for a code of a dimension or attribute, of ``LISTS`` or ``period``."""
        if dimension == "period":
            return self.words["value.unknown"] if code == "unknown" else code
        if dimension == "venue" and f"layer.{code}" in self.words:
            return self.words[f"layer.{code}"]
        return vocab.load().label(LISTS[dimension], code, self.lang)

    def page(self, name: str) -> str:
        """Prose of ``texts/<lang>/<name>.md``."""
        return (FOLDER / "texts" / self.lang / f"{name}.md").read_text(encoding="utf-8")


@cache
def texts(lang: str) -> Texts:
    """Words of `lang`, read once: a file a page, and some that all pages use."""
    words: dict[str, str] = {}
    for path in sorted((FOLDER / "locales" / lang).glob("*.json")):
        words |= json.loads(path.read_text(encoding="utf-8"))
    return Texts(lang, MappingProxyType(words))
