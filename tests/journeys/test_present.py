"""Journey on the page for a meeting room: keys that step, and the way back."""


def test_keys_step_through_the_layers_and_escape_returns_to_the_map(reader):
    reader.open("?layers=cantina&period=2015&level=state")
    reader.page.get_by_role("link", name="Show this view to a room").click()
    keys = reader.page.locator(".present .keys")
    keys.wait_for()
    reader.frame.locator(".mosaico[data-ready=yes]").wait_for()
    reader.settle()
    before = reader.fills()
    reader.act(reader.page.keyboard.press, "ArrowRight")
    assert reader.param("layers") == "escort"
    assert reader.param("period") == "2015"
    reader.page.get_by_text("Escort/delivery services: 4 of 4").wait_for()
    assert reader.fills() != before
    reader.act(reader.page.keyboard.press, "ArrowLeft")
    assert reader.param("layers") == "cantina"
    reader.page.keyboard.press("ArrowLeft")
    reader.page.get_by_text("Residential brothels: 2 of 4").wait_for()
    reader.page.keyboard.press("Escape")
    reader.page.get_by_role("heading", name="Where were cases reported").wait_for()
    reader.page.get_by_role("combobox", name="Places").wait_for()
    assert "/present" not in reader.page.url
    assert reader.param("period") == "2015"
