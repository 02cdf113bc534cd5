from playwright.sync_api import Page
print 'hello'
