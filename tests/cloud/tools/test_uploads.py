"""What a skill uploads: the file that it keeps, the photo taken with the request, and nothing else."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from browser.pool import Pool, PoolConfig
from cloud.commands import HandleUtterance
from cloud.tools.skills import NO_PHOTO, SkillTool
from teach_mode.checks import parse_skill
from teach_mode.errors import SkillContradictory
from teach_mode.skill import Skill
from tests.cloud.tools.kitchen import Kitchen, cooking
from tests.teach_mode.lessons import School

pytestmark = pytest.mark.e2e

DESK = """<title>Desk</title><label>File <input type=file name=file></label><p id=said role=status></p><script>
document.querySelector("input").onchange = async (event) => {
  const [file] = event.target.files;
  said.textContent = file.name + " of " + (await file.arrayBuffer()).byteLength + " bytes";
};</script>"""


def skill_of(base: str, value: str) -> Skill:
    locator = {"kind": "label", "value": "File", "exact": True}
    seen = {"label": "File", "tag": "input", "attributes": {"type": "file", "name": "file"}}
    said = {"locators": [{"kind": "css", "value": "#said"}], "fingerprint": {"role": "status", "tag": "p"}}
    raw = {
        "format": 1,
        "name": "hand_in",
        "description": "Hand it in.",
        "base": base,
        "origins": {"navigate": ["desk.localhost"]},
        "entry": {"url": "{site}/"},
        "utterances": ["hand it in"],
        "steps": [
            {
                "id": "give",
                "action": "upload",
                "target": {"locators": [locator], "fingerprint": seen},
                "value": value,
                "postcondition": {"text": "bytes"},
            },
            {"id": "hear", "action": "read", "target": said, "saves": "heard", "effect": "read"},
        ],
        "read_back": "The desk has {heard}.",
    }
    return parse_skill(msgspec.json.encode(raw))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Kitchen]:
    school = School()
    school.pages = {"/": DESK}
    config = PoolConfig(state_dir=tmp_path / "browser", allow_local=(f"*.localhost:{school.port}",))
    async with Pool(config) as pool, cooking(school, pool, tmp_path) as cooked:
        yield cooked


async def said(desk: Kitchen, text: str, key: str, picture: str = "") -> tuple[str, str]:
    """How a request ends."""
    task = await desk.runner.submit(HandleUtterance(key=key, person="ada", text=text, picture=picture))
    return await desk.end(task)


async def test_the_kept_file_is_given_each_time_and_the_photo_only_of_the_request_that_has_one(
    desk: Kitchen, tmp_path: Path
) -> None:
    assert isinstance(desk.town, School)
    kept = tmp_path / "kept" / "hand_in" / "my cv.pdf"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"ten bytes!")
    base = desk.town.url("", "desk.localhost")
    desk.toolbox.add(SkillTool(skill_of(base, "my cv.pdf"), desk.pool, desk.desk))
    assert await said(desk, "hand it in", "1") == ("done", "The desk has my cv.pdf of 10 bytes.")
    desk.toolbox.remove("hand_in")
    desk.toolbox.add(SkillTool(skill_of(base, "{photo}"), desk.pool, desk.desk))
    assert await said(desk, "hand it in", "2") == ("failed", NO_PHOTO)
    jpeg = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(jpeg, "JPEG")
    assert desk.desk.pictures is not None
    address = await desk.desk.pictures.keep("ada", jpeg.getvalue())
    expected = f"The desk has photo.jpg of {len(jpeg.getvalue())} bytes."
    assert await said(desk, "hand it in", "3", address) == ("done", expected)


@pytest.mark.parametrize("value", ["/etc/passwd", "../owner.token", "a\\b.txt", ".hidden", "{site}", "", "a.txt\n/b"])
def test_a_skill_names_no_file_but_its_own(value: str) -> None:
    with pytest.raises(SkillContradictory, match="upload gives"):
        skill_of("http://desk.localhost:8000", value)
