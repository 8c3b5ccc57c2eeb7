"""Sentences made of a choice: what is shown, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo import vocab
from geo.model import ALL, CASES_MEASURE, UNKNOWN
from ui import orientation, rating
from ui.choice import AUTO, COUNT, FILTERS
from ui.i18n import LANGUAGES

if TYPE_CHECKING:
    from ui.choice import Choice
    from ui.i18n import Texts
    from ui.lookup import Opened, Shown


def value(source: Opened, dimension: str, code: str, t: Texts) -> str:
    """Words for one value of a filter; ``all`` and a block of time say what they stand for."""
    if dimension == "period" and code in source.blocks:
        return source.blocks[code]
    return t.code(dimension, code) if code != ALL else t(f"all.{dimension}")


def place(source: Opened, code: str, t: Texts) -> str:
    """Name of a place."""
    if code == ALL:
        return t("place.all")
    state = vocab.load().label("states", code.partition("/")[0], t.lang)
    return orientation.name(state, source.near[code], t) if "/" in code else state


def unit(source: Opened, t: Texts, measure: str = CASES_MEASURE) -> str:
    """Words for one thing counted, in the plural, as the release says it: "reported cases"."""
    return source.release.manifest["measures"][measure]["unit"][t.lang]


def capitalised(text: str) -> str:
    """Text with a capital first letter, and no other change."""
    return text[:1].upper() + text[1:]


def layers(choice: Choice, t: Texts) -> str:
    """Names of the chosen layers."""
    return ", ".join(t.code("venue", code) for code in choice.layers)


def periods(source: Opened, choice: Choice, t: Texts) -> str:
    """Words for the chosen periods: "2013, 2014 and 2016"."""
    return listed([value(source, "period", code, t) for code in choice.times()], t)


def described(source: Opened, choice: Choice, t: Texts, measure: str = COUNT) -> str:
    """One line that says the whole view: layers, unit and that of a rate, period, filters."""
    counted = unit(source, t)
    if rating.is_rate(measure):
        counted = f"{counted} {t(f'unit.{rating.kind(measure)}')}"
    parts = [layers(choice, t), counted, periods(source, choice, t)]
    parts += [
        value(source, name, getattr(choice, name), t)
        for name in FILTERS
        if name != "period" and getattr(choice, name) != ALL
    ]
    return " · ".join(parts)


def asked(source: Opened, choice: Choice, t: Texts) -> str:
    """Name of the view that a choice asks for, with its places where they are chosen."""
    places = [level(choice.level, t)] if choice.level != AUTO else []
    return " · ".join([described(source, choice, t), *places])


def refused(found: Shown, t: Texts) -> str:
    """Levels that are not released, by layer; nothing where all are."""
    lacking = {
        layer.venue: [level(code, t) for code in found.refused if code not in layer.cells]
        for layer in found.layers
    }
    lines = [
        f"{t.code('venue', venue)}: {listed(names, t)}" for venue, names in lacking.items() if names
    ]
    return "; ".join(lines)


def listed(names: list[str], t: Texts) -> str:
    """Words joined as the language does: "a, b and c"; nothing for no words."""
    *first, last = names or [""]
    return f"{', '.join(first)} {t('and')} {last}" if first else last


def series(dimension: str, code: str, t: Texts) -> str:
    """Name of one line of a chart: a code of a dimension, or all cases together."""
    return t("trends.by.all") if code == ALL else t.code(dimension, code)


def level(code: str, t: Texts) -> str:
    """Name of a place level."""
    return t(f"level.{code}")


def broken_down(choice: Choice, t: Texts) -> str:
    """Dimensions that a choice breaks down by."""
    names = [t("filter.venue")] if set(choice.layers) != {ALL} else []
    return listed([*names, *(t(f"filter.{name}") for name in choice.filters())], t)


def step(old: Choice, new: Choice, t: Texts) -> str:
    """Words for what must change to get from one choice to another, as a button says it."""
    steps = [t(f"step.{name}") for name in old.filters() if name not in new.filters()]
    if new.layers != old.layers:
        steps.append(_fewer(old, new, t) if set(new.layers) < set(old.layers) else t("step.venue"))
    if old.level not in (new.level, AUTO):
        steps.append(t("step.level" if new.level == "state" else "step.wide"))
    return capitalised(listed(steps or [t("step.level")], t))


def _fewer(old: Choice, new: Choice, t: Texts) -> str:
    gone = [t.code("venue", code) for code in old.layers if code not in new.layers]
    return t("step.fewer", layers=listed(gone, t))


def unplaced(code: str, t: Texts) -> str:
    """Country of a "place not known" cell."""
    return vocab.load().label("nationalities", code.removesuffix(f"-{UNKNOWN}"), t.lang)


def receipt(text: str, lang: str) -> str:
    """Part of a receipt in one language: English stands first, Spanish second."""
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("# ")]
    if len(starts) < len(LANGUAGES):
        return text
    bounds = [*starts, len(lines)]
    number = LANGUAGES.index(lang)
    return "\n".join(lines[bounds[number] : bounds[number + 1]])
