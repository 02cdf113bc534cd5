import re
from playwright.sync_api import Page


def test_locators(page: Page):
    page.goto("https://shop.example/")
    page.get_by_role("checkbox", name="Gift", exact=True).check()
    page.get_by_role("heading", level=2).hover()
    page.get_by_alt_text("A red scarf").click()
    page.get_by_title("Close").click()
    page.get_by_test_id("cart").click()
    page.get_by_text(re.compile("welcome, ada", re.IGNORECASE)).click()
    page.locator("css=main .card").first.click()
    page.locator("//table//tr[2]/td[1]").click()
    page.locator("button", has_text="Add").nth(1).click()
    page.get_by_role("listitem").filter(has_text="Boots").get_by_role("button", name="Add").click()
    page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Boots")).last.click()
    page.get_by_role("button").and_(page.get_by_title("Subscribe")).click()
    page.get_by_role("button", name="New").or_(page.get_by_text("Confirm first")).first.click()
    page.locator("#list").locator("li").filter(has_not_text="Sold out").locator(page.get_by_role("link")).click()
