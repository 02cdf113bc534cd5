import unittest
from playwright.sync_api import sync_playwright


class TestShop(unittest.TestCase):
    def setUp(self):
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch()
        self.page = self.browser.new_page()
        self.page.goto("https://shop.example/")

    def test_menu(self):
        self.page.get_by_role("button", name="Menu").click()
        self.page.get_by_role("link", name="Sale").click()

    def tearDown(self):
        self.browser.close()
        self.playwright.stop()
