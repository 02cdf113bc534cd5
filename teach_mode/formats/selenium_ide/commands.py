"""All commands that a `.side` file can have, and what becomes of each: done, or noted with a reason. Pure."""

from __future__ import annotations

import re

# What has no counterpart in a skill, and why that is, or what is done instead.
NOTED = {
    "debugger": "a breakpoint is for whoever writes a test",
    "pause": "each step waits for its element, so that no pause is needed",
    "setSpeed": "a skill has no speed",
    "setWindowSize": "the browser has a size of its own",
    "mouseOut": "the pointer is moved by the next step",
    "mouseMove": "the pointer is moved by the next step",
    "mouseMoveAt": "the pointer is moved by the next step",
    "assertTitle": "the title of a page is not looked at",
    "verifyTitle": "the title of a page is not looked at",
    "storeTitle": "the title of a page is not read",
    "removeSelection": "a choice is taken back only by choosing others",
    "submit": "a form is sent by its button or by Enter; press one of them in its place",
    "assertValue": "what stands in a field is not looked at",
    "verifyValue": "what stands in a field is not looked at",
    "assertNotValue": "what stands in a field is not looked at",
    "verifyNotValue": "what stands in a field is not looked at",
    "assertSelectedValue": "which option is chosen is not looked at",
    "verifySelectedValue": "which option is chosen is not looked at",
    "assertNotSelectedValue": "which option is chosen is not looked at",
    "verifyNotSelectedValue": "which option is chosen is not looked at",
    "assertSelectedLabel": "which option is chosen is not looked at",
    "verifySelectedLabel": "which option is chosen is not looked at",
    "assertNotSelectedLabel": "which option is chosen is not looked at",
    "verifyNotSelectedLabel": "which option is chosen is not looked at",
}
_LEGACY_WAIT = re.compile(r"(?P<name>[a-z]\w+)AndWait")
# Names of older versions, with what they are called now.
_RENAMED = {
    "dragAndDrop": "dragAndDropToObject",
    "typeKeys": "sendKeys",
    "waitForPageToLoad": "pause",
    "webdriverAcceptAlert": "acceptAlert",
    "webdriverAnswerOnVisiblePrompt": "answerPrompt",
    "webdriverChooseOkOnVisibleConfirmation": "acceptConfirmation",
    "webdriverChooseCancelOnVisibleConfirmation": "dismissConfirmation",
    "webdriverChooseCancelOnVisiblePrompt": "dismissPrompt",
    "assertTextPresent": "waitForTextPresent",
    "verifyTextPresent": "waitForTextPresent",
}


def called(name: str) -> str:
    """What a command is called now: `clickAndWait` of old files is `click`."""
    plain = name.strip()
    plain = _RENAMED.get(plain, plain)
    legacy = _LEGACY_WAIT.fullmatch(plain)
    return legacy["name"] if legacy is not None else plain
