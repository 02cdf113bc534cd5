"""One page of text as a PDF (ISO 32000-1, with the standard font Helvetica)."""

from __future__ import annotations

from collections.abc import Sequence


def page_of(lines: Sequence[str]) -> bytes:
    """A5, the first line large. Characters outside Latin-1 become question marks."""
    drawn = [b"BT /F1 22 Tf 40 520 Td (" + _escaped(lines[0]) + b") Tj /F1 12 Tf 0 -34 Td"]
    drawn += [b"(" + _escaped(line) + b") Tj 0 -20 Td" for line in lines[1:]]
    content = b"\n".join([*drawn, b"ET"])
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    file = b"%PDF-1.4\n"
    places = []
    for number, thing in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return file + end % (count, table, count, len(file))


def _escaped(text: str) -> bytes:
    for special in "\\()":
        text = text.replace(special, f"\\{special}")
    return text.encode("latin-1", "replace")
