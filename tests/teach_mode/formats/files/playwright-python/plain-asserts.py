def test_reads(page):
    page.goto("https://shop.example/cart")
    assert page.url == "https://shop.example/cart"
    assert "/cart" in page.url
    assert page.locator("h1").inner_text() == "Cart"
    assert "14.50" in page.get_by_test_id("total").text_content()
    assert page.get_by_text("Boots").is_visible()
    assert not page.get_by_text("Sold out").is_visible()
    assert page.locator("li").count() == 2
    assert page.locator(".error").count() == 0
    assert page.locator("li").count() > 1
    assert page.title() == "Cart"
    assert page.locator("li").count() % 2 == 0
    text = page.locator("#state").inner_text()
    assert text == "Open"
