"""Whether a picture from a device is whole: a torn one is said, never guessed at."""

from __future__ import annotations

import io

from cloud.errors import PictureTorn

START = b"\xff\xd8\xff"
END = b"\xff\xd9"
MOST_SIDE_PX = 8192


def check(jpeg: bytes, *, intact: bool = True) -> None:
    """Raises PictureTorn unless `jpeg` can be read to its last line. `intact`: its checksum was right."""
    from PIL import Image, UnidentifiedImageError

    if not intact:
        raise PictureTorn("the picture's checksum is wrong: bytes were lost on the way")
    if not jpeg.startswith(START):
        raise PictureTorn("this is no JPEG: it does not begin as one")
    if END not in jpeg[-64:]:
        raise PictureTorn("the picture stops before its end")
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            if max(picture.size) > MOST_SIDE_PX:
                raise PictureTorn(f"the picture is {picture.size[0]}x{picture.size[1]}, more than can be read")
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTorn(f"the picture is larger than can be read: {error}") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise PictureTorn(f"the picture cannot be read: {error}") from error
