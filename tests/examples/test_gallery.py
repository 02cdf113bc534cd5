"""The skills of the gallery, each done on the town, with its ledger as judge; some as somebody else gets them."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio

from browser.deadline import Deadline
from browser.pool import Pool, PoolConfig
from examples.gallery import FOLDER, MONDAY, TRIES, Keyring
from examples.town import Town
from teach_mode.checks import read_skill
from teach_mode.formats.source import Source
from teach_mode.replay import Replay
from teach_mode.sharing import package
from teach_mode.sharing.signing import new_key
from teach_mode.sharing.stripping import stripped
from teach_mode.skill import Skill
from teach_mode.weaknesses import weaknesses
from tests.teach_mode.conftest import ScriptedGate

pytestmark = pytest.mark.e2e
OWN = {"name": "Ada Example", "phone": "555 0100", "address": "Elm Street 5"}
HANDED_ON = ("newest_mail", "reserve_book")


@pytest.fixture(scope="module")
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool(tmp_path_factory: pytest.TempPathFactory, port: int) -> AsyncIterator[Pool]:
    config = PoolConfig(state_dir=tmp_path_factory.mktemp("pool"), allow_local=(f"*.localhost:{port}",))
    async with Pool(config) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def town(port: int) -> AsyncIterator[Town]:
    async with Town(port=port, now=lambda: MONDAY) as started:
        yield started


def of_the_gallery(name: str) -> Skill:
    """A skill as it lies there, or as it comes out of the file in which somebody hands it on."""
    skill = read_skill(FOLDER / f"{name}.json")
    if name not in HANDED_ON:
        return skill
    shared = package.write(stripped(skill, OWN).skill, author="", made_at=0.0, key=new_key())
    return package.read(Source(shared)).skill


def test_every_skill_of_the_gallery_is_tried_and_told_of() -> None:
    names = {path.stem for path in FOLDER.glob("*.json")}
    assert names == set(TRIES)
    told = (FOLDER / "README.md").read_text()
    assert not [name for name in names if f"({name}.json)" not in told]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", TRIES)
async def test_a_skill_of_the_gallery_does_on_the_town_what_it_says(name: str, town: Town, pool: Pool) -> None:
    skill, wanted, gate = of_the_gallery(name), TRIES[name], ScriptedGate()
    here = skill.at(getattr(town.addresses, skill.site))
    async with pool.context(navigate=here.navigates, load=here.loads) as task:
        replay = Replay(await task.new_page(), gate, secrets=Keyring(), open_page=task.new_page)
        ended = await replay.run(here, wanted.values, Deadline.after_ms(90_000))
    assert ended.error is None, str(ended.error)
    assert (ended.outcome, ended.answer[: len(wanted.answer)]) == ("done", wanted.answer)
    rows = [msgspec.to_builtins(row) for row in town.ledger.rows()]
    assert len(rows) == len(gate.asked) == (1 if wanted.ledger else 0)
    assert all(row | wanted.ledger == row for row in rows)


@pytest.mark.parametrize("name", TRIES)
def test_nothing_in_the_gallery_hides_what_it_does(name: str) -> None:
    weak = weaknesses(read_skill(FOLDER / f"{name}.json"))
    assert not [one for one in weak if "not marked as irreversible" in one.words or one.step == ""]
