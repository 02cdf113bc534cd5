"""Chrome DevTools Recorder: the JSON of its user flows, which `@puppeteer/replay` plays."""

from __future__ import annotations

from teach_mode.formats.chrome_recorder.reading import read, recognises
from teach_mode.formats.chrome_recorder.writing import write
from teach_mode.formats.format import Format
from teach_mode.formats.holding import KEPT

FORMAT = Format(
    name="chrome-recorder",
    tool="Chrome DevTools Recorder",
    suffix=".json",
    recognises=recognises,
    read=read,
    write=write,
    holds={
        "order": KEPT,
        "addresses": KEPT,
        "values": KEPT,
        "role": "kept where the name is the whole one; else as XPath",
        "label": "kept where it is the whole one; else as CSS",
        "placeholder": "as CSS",
        "text": "found whether it stands alone or within; left out beside one that names the element whole",
        "testid": "as CSS",
        "css": KEPT,
        "xpath": KEPT,
        "shadow": KEPT,
        "frames": "kept by number; another is guessed, with a note",
        "tabs": "where the first step on it waits for its whole address; else a stand-in, with a note",
        "dialogs": "no: a note",
        "uploads": "a stand-in, with a note",
        "downloads": "no: a note",
        "waits": KEPT,
        "texts": "as a wait for an element with the text",
        "urls": "kept where it has no `*` and is no frame's, and compared by no player; else that it leads on",
        "optional": "left out, with a note",
        "page": "left out, with a note",
        "until": "the end is waited for, with a note",
        "loops": "written out for the values",
        "rows": "left out, with a note",
        "parameters": "the values of one run",
        "secrets": "kept as a placeholder to fill in, with a note",
        "reads": "waited for, with a note",
        "acts": "no: a note that nobody asks",
        "looks": "no",
    },
)
