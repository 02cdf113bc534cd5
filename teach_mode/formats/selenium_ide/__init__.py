"""Selenium IDE: the projects that it saves as `.side`, which `selenium-side-runner` plays."""

from __future__ import annotations

from teach_mode.formats.format import Format
from teach_mode.formats.selenium_ide.reading import read, recognises

FORMAT = Format(
    name="selenium-ide",
    tool="Selenium IDE",
    suffix=".side",
    recognises=recognises,
    read=read,
)
