from playwright.sync_api import Page, sync_playwright


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in").click()


def add(page: Page, item: str, count: int = 1) -> None:
    page.get_by_role("link", name=item).click()
    for _ in range(count):
        page.get_by_role("button", name="Add").click()


def main() -> None:
    with sync_playwright() as p:
        page = p.chromium.launch().new_page()
        page.goto("https://shop.example/")
        sign_in(page, "ada")
        add(page, "Boots")
        add(page, "Scarf", count=2)


main()
