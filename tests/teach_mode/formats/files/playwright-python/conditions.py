from playwright.sync_api import Page


def order(page: Page, size: str = "large", note: str = "", gift: bool = False):
    page.goto("https://pizza.example/")
    if page.get_by_role("dialog", name="Cookies").is_visible():
        page.get_by_role("button", name="Reject").click()
    if not page.get_by_text("Signed in").is_visible():
        page.get_by_role("link", name="Sign in").click()
    else:
        page.get_by_role("link", name="Account").click()
    if size == "large":
        page.get_by_label("Large").check()
    elif size == "small":
        page.get_by_label("Small").check()
    if note:
        page.get_by_label("Note").fill(note)
    if page.locator(".offer").count() > 0 and note:
        page.locator(".offer").click()
    if gift:
        page.get_by_label("Gift").check()
    if weather() == "sunny":
        page.get_by_text("Ice").click()
    try:
        page.get_by_role("button", name="Close").click(timeout=1000)
    except Exception:
        print("no banner")
