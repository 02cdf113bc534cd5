from playwright.sync_api import sync_playwright

playwright = sync_playwright().start()
browser = playwright.chromium.launch()
page = browser.new_page()
page.goto("https://shop.example/")
page.get_by_text("Sale").click()
browser.close()
playwright.stop()
