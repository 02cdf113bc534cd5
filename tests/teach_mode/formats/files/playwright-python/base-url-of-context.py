from playwright.sync_api import sync_playwright

with sync_playwright() as p:
    browser = p.chromium.launch()
    context = browser.new_context(base_url="https://shop.example", locale="de-DE", **p.devices["iPhone 13"])
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("Name").fill("Ada")
