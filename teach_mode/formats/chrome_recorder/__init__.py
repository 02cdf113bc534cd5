"""Chrome DevTools Recorder: the JSON of its user flows, which `@puppeteer/replay` plays."""

from __future__ import annotations

from teach_mode.formats.chrome_recorder.reading import read, recognises
from teach_mode.formats.format import Format

FORMAT = Format(
    name="chrome-recorder",
    tool="Chrome DevTools Recorder",
    suffix=".json",
    recognises=recognises,
    read=read,
)
