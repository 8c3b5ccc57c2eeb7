"""Read policies: what a release may show and to whom, from ``geo/policies`` or a file."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from itertools import combinations
from pathlib import Path

from geo.model import (
    ATTRIBUTES,
    CORRIDOR_LEVELS,
    DETAIL,
    DIMENSIONS,
    FINEST_PUBLIC_LEVEL,
    GRAINS,
    LEAST_PUBLIC_K,
    LEVELS,
    MEASURES,
    ORIGIN_GRAINS,
    PROFILE_LEVELS,
    Policy,
    UnusableError,
    View,
)

FOLDER = Path(__file__).parent / "policies"
AUDIENCES = ("public", "coalition", "staff")
_VIEW_KEYS = {"levels", "grains", "up_to", "from_cases"}
_DETAIL_KEYS = {
    "profiles": ({"attributes", "levels", "reason"}, "attributes", ATTRIBUTES, PROFILE_LEVELS),
    "corridors": ({"origins", "levels", "reason"}, "origins", ORIGIN_GRAINS, CORRIDOR_LEVELS),
}
"""Of each list of detail views: its keys, the one that holds grains, these, and the levels."""
_LARGEST = 2**53
_NUMBERS = {
    "k": (int, 2, None),
    "least_area_km2": ((int, float), 0, None),
    "default_geocode_rows": (int, 1, None),
    "default_geocode_share": ((int, float), 0, 1),
    "error_share": ((int, float), 0, 1),
    "seed": (int, 0, 2**256),
}


def policy(name_or_path: str | Path) -> Policy:
    """A policy of the project by name, or of a TOML file.

    Raises
    ------
    UnusableError
        No such policy, a key or value that does not exist, or one that is unsafe for
        the policy's audience.
    """
    path = _found(name_or_path)
    document = _document(path)
    listed = document.pop("views", [])
    beside = {name: document.pop(name, []) for name in _DETAIL_KEYS}
    allowed = {field.name for field in fields(Policy)} - {"views_from", "notes"}
    allowed |= set(_DETAIL_KEYS)
    unknown = sorted(set(document) - allowed)
    if unknown:
        raise UnusableError(
            f"policy {path.name}: unknown key {unknown[0]!r}; expected {_list(allowed)}"
        )
    if not isinstance(listed, list):
        raise UnusableError(f"policy {path.name}: views must be tables, each headed [[views]]")
    missing = sorted({"id", "audience", "k"} - set(document))
    if missing or not listed:
        raise UnusableError(f"policy {path.name}: {_list(missing) or 'views'} missing")
    document.setdefault("intervals", True)
    _check_values(document, path)
    if "sensitive" in document:
        document["sensitive"] = _sensitive(document["sensitive"], path)
    if "measures" in document:
        document["measures"] = _measures(document["measures"], path)
    views, later = _views(listed, path)
    views = tuple(dict.fromkeys((*views, *_details(beside, path))))
    built = Policy(**document, views=views, views_from=later)
    _refuse_unsafe(built, path)
    return built


def _document(path: Path) -> dict:
    """Keys of a policy; of one that is `like` a shipped policy, what it does not say itself."""
    document = _toml(path)
    if "like" not in document:
        return document
    shipped = sorted(each.stem for each in FOLDER.glob("*.toml"))
    like = document.pop("like")
    above = _toml(FOLDER / f"{like}.toml") if like in shipped else {"like": like}
    if "like" in above:
        raise UnusableError(
            f"policy {path.name}: like names a policy of the project that is like no other"
        )
    if "id" not in document:
        raise UnusableError(f"policy {path.name}: id missing: a policy like another has its own")
    return above | document


def _toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise UnusableError(f"policy {path.name}: cannot be read as TOML: {error}") from None


def _found(name_or_path: str | Path) -> Path:
    shipped = FOLDER / f"{name_or_path}.toml"
    path = shipped if shipped.is_file() else Path(name_or_path)
    if not path.is_file():
        known = _list(sorted(each.stem for each in FOLDER.glob("*.toml")))
        raise UnusableError(
            f"no policy {str(name_or_path)!r}: expected one of {known}, or a TOML file"
        )
    return path


def _check_values(document: dict, path: Path) -> None:
    if not isinstance(document["id"], str):
        raise UnusableError(f"policy {path.name}: id must be a text in quotes")
    if not isinstance(document["intervals"], bool):
        raise UnusableError(f"policy {path.name}: intervals must be true or false")
    for key, (kind, least, most) in _NUMBERS.items():
        if key in document and not _is_number(document[key], kind, least, most):
            number = "a whole number" if kind is int else "a number"
            limit = f"from {least} to {most}" if most is not None else f"of at least {least}"
            raise UnusableError(f"policy {path.name}: {key} must be {number} {limit}")


def _sensitive(listed: object, path: Path) -> tuple[str, ...]:
    if not isinstance(listed, list):
        raise UnusableError(f"policy {path.name}: sensitive must be a list in brackets")
    wrong = [one for one in listed if one not in DIMENSIONS]
    if wrong:
        raise UnusableError(
            f"policy {path.name}: no {str(wrong[0])!r} in sensitive; expected some of "
            f"{_list(DIMENSIONS)}"
        )
    return tuple(dict.fromkeys(listed))


def _measures(listed: object, path: Path) -> tuple[str, ...]:
    """Cases first: victims stand beside them, never alone."""
    if listed not in ([MEASURES[0]], list(MEASURES)):
        raise UnusableError(
            f'policy {path.name}: measures is ["cases"] or ["cases", "victims"]; victims are '
            "published only beside cases"
        )
    return tuple(listed)


def _is_number(value: object, kind: type | tuple[type, ...], least: int, most: int | None) -> bool:
    if isinstance(value, bool) or not isinstance(value, kind):
        return False
    return least <= value <= (_LARGEST if most is None else most)


def _views(listed: list[dict], path: Path) -> tuple[tuple[View, ...], tuple]:
    views: list[View] = []
    later: dict[int, list[View]] = {}
    for entry in listed:
        _check_entry(entry, path)
        found = [
            View(level, chosen)
            for level in entry["levels"]
            for size in range(entry["up_to"] + 1)
            for chosen in combinations(entry["grains"], size)
        ]
        least = entry.get("from_cases", 0)
        (later.setdefault(least, []) if least else views).extend(found)
    return tuple(dict.fromkeys(views)), tuple(
        (n, tuple(found)) for n, found in sorted(later.items())
    )


def _details(beside: dict[str, object], path: Path) -> list[View]:
    """Profile and corridor views: one attribute or origin at a time, by place and nothing else."""
    found = []
    for name, entries in beside.items():
        keys, grains, words, levels = _DETAIL_KEYS[name]
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise UnusableError(
                f"policy {path.name}: {name} must be tables, each headed [[{name}]]"
            )
        for entry in entries:
            if set(entry) != keys:
                raise UnusableError(
                    f"policy {path.name}: an entry of {name} has {_list(keys)}; "
                    f"look at {_list(set(entry) ^ keys)}"
                )
            if not isinstance(entry["reason"], str) or not entry["reason"].strip():
                raise UnusableError(f"policy {path.name}: {name} need a reason, a text in quotes")
            _check_words(entry, {grains: words, "levels": levels}, path)
            found += [View(level, (one,)) for level in entry["levels"] for one in entry[grains]]
    return found


def _check_entry(entry: object, path: Path) -> None:
    if not isinstance(entry, dict):
        raise UnusableError(f"policy {path.name}: views must be tables, each headed [[views]]")
    unknown = set(entry) - _VIEW_KEYS
    missing = {"levels", "grains", "up_to"} - set(entry)
    if unknown or missing:
        raise UnusableError(
            f"policy {path.name}: a view has {_list(_VIEW_KEYS)}; "
            f"look at {_list(unknown | missing)}"
        )
    dimensions = tuple(grain for grain, of in GRAINS.items() if of != DETAIL)
    _check_words(entry, {"levels": LEVELS, "grains": dimensions}, path)
    for key in ("up_to", "from_cases"):
        if not _is_number(entry.get(key, 0), int, 0, None):
            raise UnusableError(f"policy {path.name}: {key} must be a whole number of at least 0")
    _refuse_repeated(entry, path)


def _check_words(entry: dict, allowed: dict[str, tuple[str, ...]], path: Path) -> None:
    for key, words in allowed.items():
        if not isinstance(entry[key], list):
            raise UnusableError(f"policy {path.name}: {key} must be a list in brackets")
        wrong = [word for word in entry[key] if not isinstance(word, str) or word not in words]
        if wrong:
            raise UnusableError(
                f"policy {path.name}: no {wrong[0]!r} in {key}; expected some of {_list(words)}"
            )


def _refuse_repeated(entry: dict, path: Path) -> None:
    """Refuse a view broken down twice by one dimension, as by quarter and by year."""
    dimensions = [GRAINS[grain] for grain in entry["grains"]]
    if entry["up_to"] > 1 and len(set(dimensions)) < len(dimensions):
        raise UnusableError(
            f"policy {path.name}: {_list(entry['grains'])} hold one dimension twice; with up_to "
            "above 1 list them in views of their own"
        )


def _refuse_unsafe(built: Policy, path: Path) -> None:
    if built.audience not in AUDIENCES:
        raise UnusableError(f"policy {path.name}: audience is one of {_list(AUDIENCES)}")
    if built.audience == "staff":
        return
    if built.k < LEAST_PUBLIC_K:
        whom = "the public" if built.audience == "public" else "partners, who hold the public one"
        raise UnusableError(
            f"policy {path.name}: k = {built.k} is unsafe for {whom}: a count below "
            f"{LEAST_PUBLIC_K} can point to a person"
        )
    if built.audience == "public":
        _refuse_finer(built, path)
        if not built.intervals:
            raise UnusableError(
                f"policy {path.name}: intervals = false is unsafe for the public: a hidden count "
                "could be confined to a range inside 1 to k-1"
            )


def _refuse_finer(built: Policy, path: Path) -> None:
    views = (*built.views, *(view for _, more in built.views_from for view in more))
    finest = LEVELS.index(FINEST_PUBLIC_LEVEL)
    if any(LEVELS.index(view.level) > finest for view in views):
        raise UnusableError(
            f"policy {path.name}: a hex finer than {FINEST_PUBLIC_LEVEL} is unsafe for the "
            "public: it can be one village"
        )


def _list(words) -> str:
    return ", ".join(sorted(str(word) for word in words))
