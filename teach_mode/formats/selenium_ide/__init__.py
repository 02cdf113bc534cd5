"""Selenium IDE: the projects that it saves as `.side`, which `selenium-side-runner` plays."""

from __future__ import annotations

from teach_mode.formats.format import Format
from teach_mode.formats.holding import KEPT
from teach_mode.formats.selenium_ide.reading import read, recognises
from teach_mode.formats.selenium_ide.writing import write

HOLDS = {
    "order": KEPT,
    "addresses": KEPT,
    "values": KEPT,
    "role": "kept, as XPath",
    "label": "kept, as XPath",
    "placeholder": "kept, as XPath",
    "text": "kept, as XPath",
    "testid": KEPT,
    "css": "kept, but for `nth` above 0 and `>>`",
    "xpath": KEPT,
    "shadow": "no: Selenium does not look into them",
    "frames": "kept by name and number; by address as its path",
    "tabs": KEPT,
    "dialogs": "kept; the words must be all that it says",
    "uploads": "the file's name; its path is to be added",
    "downloads": "no",
    "waits": "kept, a `wait` each",
    "texts": "kept, a `wait` each",
    "urls": KEPT,
    "optional": "as a condition on the page",
    "page": KEPT,
    "until": "kept where something is read that changes",
    "loops": KEPT,
    "rows": "no",
    "parameters": "kept as variables, with the values of now",
    "secrets": "a placeholder",
    "reads": KEPT,
    "acts": "no: it is done without a question",
    "looks": "no",
}
FORMAT = Format(
    name="selenium-ide",
    tool="Selenium IDE",
    suffix=".side",
    recognises=recognises,
    read=read,
    write=write,
    holds=HOLDS,
)
