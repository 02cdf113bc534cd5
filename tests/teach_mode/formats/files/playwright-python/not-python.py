def test_x(page):
    page.goto('https://shop.example/'
    page.click('a')
