"""What can go wrong with a browser, one leaf a decision that a caller makes.

BrowserError
├── ElementError             the step's element is not as it was taught
│   ├── ElementMissing         nothing matches: wait longer, or heal
│   │   └── ElementLeft          it left the page before anything was done to it: find it again
│   ├── ElementAmbiguous       several match: narrow the locator
│   └── ElementChanged         one matches, but it is another thing now: do not act
├── ActionError              the element is right, the act failed
│   ├── ActionTimeout          it did not become ready before the deadline
│   └── ActionRefused          the element cannot take this act (a text typed into a button)
├── NavigationError
│   ├── NavigationRefused      the host is not on the task's list, or its address is forbidden
│   └── NavigationFailed       the site did not answer
├── ConditionTimeout         what was waited for did not come
├── DownloadFailed           a file that was expected broke off, or is too large
├── PageGone                 the page, its tab or its browser is closed or crashed
├── SnapshotError            the page could not be read
└── LaunchError              no browser could be started
    └── ChromiumMissing        none is installed
"""

from __future__ import annotations


class BrowserError(Exception):
    """Root of this package's errors; `code` is stable and may go over the wire."""

    code = "browser_error"


class ElementError(BrowserError):
    """The step's element is not as it was taught."""

    code = "element_error"


class ElementMissing(ElementError):
    """Nothing matches."""

    code = "element_missing"


class ElementLeft(ElementMissing):
    """The element left the page before anything was done to it."""

    code = "element_left"


class ElementAmbiguous(ElementError):
    """Several elements match."""

    code = "element_ambiguous"


class ElementChanged(ElementError):
    """One element matches, but it is not what was remembered."""

    code = "element_changed"


class ActionError(BrowserError):
    """The element is right, but the act failed."""

    code = "action_error"


class ActionTimeout(ActionError, TimeoutError):
    """The element did not become ready before the deadline."""

    code = "action_timeout"


class ActionRefused(ActionError):
    """The element cannot take this act."""

    code = "action_refused"


class NavigationError(BrowserError):
    """The page could not be gone to."""

    code = "navigation_error"


class NavigationRefused(NavigationError):
    """The host is not on the task's list, or its address is forbidden."""

    code = "navigation_refused"


class NavigationFailed(NavigationError):
    """The site did not answer."""

    code = "navigation_failed"


class ConditionTimeout(BrowserError, TimeoutError):
    """What was waited for did not come before the deadline."""

    code = "condition_timeout"


class DownloadFailed(BrowserError):
    """A file that was expected broke off, or is too large."""

    code = "download_failed"


class PageGone(BrowserError):
    """The page, its tab or its browser is closed or has crashed."""

    code = "page_gone"


class SnapshotError(BrowserError):
    """The page could not be read."""

    code = "snapshot_error"


class LaunchError(BrowserError):
    """No browser could be started."""

    code = "launch_error"


class ChromiumMissing(LaunchError, FileNotFoundError):
    """No Chromium is installed."""

    code = "chromium_missing"
