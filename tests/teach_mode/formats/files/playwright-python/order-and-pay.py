from playwright.sync_api import Page, expect


def test_order(page: Page, kind: str = "Pepperoni", act: str = "Order and pay"):
    page.goto("https://pizza.example/")
    page.get_by_role("link", name=f"Choose {kind}").click()
    page.get_by_role("button", name=act).click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    number = page.get_by_test_id("number").inner_text()
    print(f"Done: {number}")
