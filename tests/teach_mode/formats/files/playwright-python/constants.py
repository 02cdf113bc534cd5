from playwright.sync_api import Page

BASE_URL = "https://shop.example"
NAME = "Ada Example"
CITY: str = "Newtown"
BUTTON = "Continue"
STREETS = ["Elm Street", "Oak Street"]


def test_address(page: Page):
    page.goto(f"{BASE_URL}/address")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("City").fill(CITY)
    page.get_by_label("Street").fill(STREETS[0] + " 5")
    page.get_by_role("button", name=BUTTON).click()
