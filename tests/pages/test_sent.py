"""What a page sends of a release that is not public."""

import json

import pytest

from ui.packed import unpacked


def named(page, kind, name):
    """Messages of one kind whose component has a name."""
    protos = [element.proto for element in page.get(kind)]
    return [one for one in protos if one.component_name.endswith(name)]


@pytest.mark.parametrize("page", ["map", "present", "compare"])
def test_outlines_that_no_file_may_hold_come_in_a_message_of_their_own(as_staff, app, page):
    """It stays the same when a filter changes, and a browser that has it is not sent it again."""
    shown = app(page, release="staff")
    [drawn] = named(shown, "component_instance", "st_folium")
    assert "shape" not in drawn.json_args
    [held] = named(shown, "bidi_component", ".shapes")
    sent = json.loads(held.json)
    assert sent["id"] in drawn.json_args
    assert unpacked(sent["packed"])["places"]


def test_outlines_of_a_public_release_come_as_a_file(app):
    shown = app()
    assert named(shown, "bidi_component", ".shapes") == []
    [drawn] = named(shown, "component_instance", "st_folium")
    assert "app/static/hexes-" in drawn.json_args
