import re
from playwright.sync_api import Page, expect


def test_cart(page: Page):
    page.goto("https://shop.example/cart")
    total = page.get_by_test_id("total")
    expect(total).to_be_visible()
    expect(total).to_have_text("14.50")
    expect(total).to_contain_text(re.compile(r"14\.\d+"))
    expect(total).not_to_contain_text("15")
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.get_by_role("alert")).not_to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(2)
    expect(page.locator(".empty")).to_have_count(0)
    expect(page.get_by_role("listitem")).to_have_text(["Boots", "Scarf"])
    expect(page.get_by_role("button", name="Pay")).to_be_enabled()
    expect(page.get_by_role("button", name="Back")).to_be_disabled()
    expect(page.get_by_label("Gift")).to_be_checked()
    expect(page.get_by_label("Name")).to_have_value("Ada")
    expect(page.locator("#step")).to_have_class("active")
    expect(page.locator("#step")).to_have_attribute("aria-current", "step")
    expect(page).to_have_url("https://shop.example/cart")
    expect(page).not_to_have_url("https://shop.example/")
    expect(page.locator("main")).to_match_aria_snapshot("- heading \"Cart\"")
