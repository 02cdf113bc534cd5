from playwright.sync_api import Page


def test_hands(page: Page):
    page.goto("https://shop.example/")
    page.get_by_label("Search").click()
    page.keyboard.type("boots")
    page.keyboard.press("Enter")
    page.keyboard.down("Shift")
    page.mouse.click(100, 200)
    page.mouse.wheel(0, 600)
    page.get_by_text("Word").dblclick()
    page.get_by_text("Map").click(button="right")
    page.get_by_text("Row").click(modifiers=["Shift"], position={"x": 4, "y": 4})
    page.get_by_text("Hidden").click(force=True)
    page.get_by_text("There").click(trial=True)
    page.get_by_label("Note").press_sequentially("one ", delay=100)
    page.get_by_label("Note").press_sequentially("two")
    page.get_by_label("Note").press("Control+A")
    page.locator("#card").drag_to(page.locator("#done"))
    page.drag_and_drop("#a", "#b")
    page.get_by_text("Last").scroll_into_view_if_needed()
    page.get_by_label("Note").blur()
    page.get_by_label("Note").clear()
