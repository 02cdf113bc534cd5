"""A camera's bytes to a JPEG that can be sent: whole, upright, at most 1280 pixels wide and 1 MiB."""

from __future__ import annotations

import io
import struct
import warnings
from typing import Final

from PIL import Image, UnidentifiedImageError

from device.errors import CameraError
from wire import limits

# As it is shown on the screen.
PREVIEW: Final = (240, 180)
_SIDE_PX: Final = 1280
_PIXELS_MOST: Final = 60_000_000
# By what EXIF says of a picture that was taken lying on a side, it is put upright.
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUALITIES: Final = (85, 70, 50, 30)


def jpeg_of(data: bytes) -> bytes:
    """A JPEG of what `data` (JPEG or PNG) shows; raises CameraError with a sentence for the screen."""
    try:
        with warnings.catch_warnings():
            # What is wrong with its notes (EXIF) is no matter.
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _jpeg_of(data)
    except UnidentifiedImageError as error:
        raise CameraError("The camera gave no picture that can be read. Please try again.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise CameraError("The picture is too big to take in.") from error
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise CameraError("The picture is torn. Please take it again.") from error


def _jpeg_of(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
        width, height = image.size
        if width * height > _PIXELS_MOST:
            raise CameraError(f"The picture is too big to take in ({width} by {height} pixels).")
        as_it_is = image.format == "JPEG" and max(width, height) <= _SIDE_PX and len(data) <= limits.PICTURE_BYTES
        image.draft("RGB", (_SIDE_PX, _SIDE_PX))
        image.load()
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
        if as_it_is and turn is None:
            return data
        picture = (image if turn is None else image.transpose(turn)).convert("RGB")
    picture.thumbnail((_SIDE_PX, _SIDE_PX))
    for quality in _QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() <= limits.PICTURE_BYTES:
            return out.getvalue()
    raise CameraError("The picture is too big to send.")


def small_of(jpeg: bytes) -> Image.Image:
    """A whole JPEG as it is shown on the screen, with black beside or above it."""
    with Image.open(io.BytesIO(jpeg)) as image:
        image.draft("RGB", PREVIEW)
        small = image.convert("RGB")
    small.thumbnail(PREVIEW)
    pane = Image.new("RGB", PREVIEW)
    pane.paste(small, ((PREVIEW[0] - small.width) // 2, (PREVIEW[1] - small.height) // 2))
    return pane
