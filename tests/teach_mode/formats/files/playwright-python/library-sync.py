from playwright.sync_api import sync_playwright

with sync_playwright() as p:
    browser = p.chromium.launch(headless=True, slow_mo=50)
    page = browser.new_page()
    page.goto("https://shop.example")
    page.click("text=Shoes")
    page.fill("#q", "boots")
    page.press("#q", "Enter")
    page.screenshot(path="shoes.png")
    browser.close()
