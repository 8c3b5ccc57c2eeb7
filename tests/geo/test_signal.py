"""How much of the signal is kept: told in bands, only where that tells nothing of a cell."""

import json

import pandas as pd
import pytest

from geo import audit, protect, release
from geo.model import SIGNAL, SIGNAL_LEAST, DataError
from geo.protect import FILTER_WEIGHT, PLACE_WEIGHT
from tests.attacks import planted
from tests.attacks.planted import cell, found, rehash, view
from tests.geo import made

TOTALS = [cell(1000), cell(600, "country", "US"), cell(400, "country", "MX")]
VIEWS = (view("all"), view("country"), view("state"))


def table(published, eligible, weight=32.0):
    return pd.DataFrame({"published": [published], "eligible": [eligible], "weight": [weight]})


@pytest.mark.parametrize(
    ("published", "eligible", "expected"),
    [
        (3, 4, "three_quarters_or_more"),
        (4, 4, "three_quarters_or_more"),
        (74, 100, "half_to_three_quarters"),
        (50, 100, "half_to_three_quarters"),
        (49, 100, "a_quarter_to_half"),
        (24, 100, "under_a_quarter"),
        (2, 2, None),
        (0, 0, None),
    ],
)
def test_the_band_of_a_share(published, eligible, expected):
    assert protect.band(table(published, eligible)) == expected


def test_a_band_leaves_room_for_any_one_cell():
    """Of three quarters or more, the withheld weight is from 0 to a third of the published one."""
    heaviest = max(PLACE_WEIGHT.values()) * max(FILTER_WEIGHT)
    assert SIGNAL_LEAST / max(SIGNAL.values()) >= SIGNAL_LEAST + heaviest


def sealed(folder, rows, signal, **changes):
    with release.draft(folder) as temporary:
        planted.write(temporary, rows, VIEWS, **changes)
        return release.seal(temporary, folder, audit.attack(temporary), signal)


def test_both_languages_of_the_receipt_tell_the_band(tmp_path):
    for name in SIGNAL:
        folder = sealed(tmp_path / name, TOTALS, name)
        assert json.loads((folder / "audit.json").read_text("utf-8"))["signal"] == name
        assert found(folder) == set()
    receipt = (tmp_path / "three_quarters_or_more" / "RECEIPT.md").read_text("utf-8")
    assert "at least three quarters of what" in receipt
    assert "se muestra al menos tres cuartas partes" in receipt


def test_a_receipt_without_a_band_says_nothing_of_it(tmp_path):
    folder = sealed(tmp_path / "r", TOTALS, None)
    assert "signal" not in json.loads((folder / "audit.json").read_text("utf-8"))
    assert "quarter" not in (folder / "RECEIPT.md").read_text("utf-8")


def test_nothing_but_a_band_is_sealed(tmp_path):
    with pytest.raises(DataError, match="bands only"):
        sealed(tmp_path / "r", TOTALS, "0.78")
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("rows", "signal"), [(TOTALS, 0.78), (TOTALS, "nearly_all"), (TOTALS[:2], "under_a_quarter")]
)
def test_the_attack_finds_what_is_no_band_and_a_band_of_few_numbers(tmp_path, rows, signal):
    folder = sealed(tmp_path / "r", rows, None)
    path = folder / "audit.json"
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**content, "signal": signal}), "utf-8")
    rehash(folder)
    assert found(folder) == {(18, "entries")}


def test_victims_add_nothing_to_the_weight_that_a_band_needs(tmp_path):
    rows = [
        {**row, "measure": measure, "value": row["value"] * (1 + (measure == "victims"))}
        for row in TOTALS[:2]
        for measure in ("cases", "victims")
    ]
    measures = {name: {"unit": {"en": name, "es": name}} for name in ("cases", "victims")}
    folder = sealed(tmp_path / "r", rows, None, measures=measures)
    path = folder / "audit.json"
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**content, "signal": "under_a_quarter"}), "utf-8")
    rehash(folder)
    assert found(folder) == {(18, "entries")}


def test_a_build_tells_the_band_of_its_private_utility(tmp_path):
    from geo import build, ingest
    from geo.policy import policy

    files = made.folder(tmp_path / "made")
    built = build.build(
        [files / "cases.csv"], tmp_path / "out" / "r", ingest.mapping(files / "made.toml"),
        policy(files / "small.toml"),
    )  # fmt: skip
    told = release.read(built.folder).audit["signal"]
    shares = [share for share in SIGNAL.values() if share <= built.report["utility"]]
    assert SIGNAL[told] == max(shares)
