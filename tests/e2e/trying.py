"""A process of its own in which the pizza skill is tried as in the studio; its person says yes, or (`silent`) nothing.

python -m tests.e2e.trying FOLDER SHOP PORT [silent]
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path

from browser.deadline import Deadline
from cloud.app import running
from cloud.config import load
from cloud.people.accounts import OWNER
from cloud.tools.teaching import judged
from language.entities import Value
from teach_mode.checks import read_skill
from teach_mode.lesson.running import LessonGate, Record
from teach_mode.lesson.told import Question
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed

SKILL = Path(__file__).parents[2] / "examples" / "skills" / "pizza.json"
VALUES: dict[str, Value] = {
    "size": "large",
    "kind": "pepperoni",
    "name": "Ada",
    "phone": "555 0100",
    "address": "Elm Street 5",
}


async def yes(question: Question) -> bool:
    return True


async def nothing(question: Question) -> bool:
    await asyncio.Event().wait()
    return False


async def main(folder: str, shop: str, port: str, person: str = "") -> None:
    skill = read_skill(SKILL).at(shop)
    flags = {"data_dir": folder, "port": 0, "stt": "moonshine", "tts": "espeak", "allow_local": [f"*.localhost:{port}"]}
    async with running(load(None, {}, flags)) as cloud:

        async def trial(record: Record | None) -> Replayed:
            gate = LessonGate(
                skill, partial(judged, person=OWNER, cap=""), nothing if person == "silent" else yes, record
            )
            async with cloud.ground.pool.context(navigate=skill.navigates, load=skill.loads) as task:
                replay = Replay(await task.new_page(), gate, open_page=task.new_page)
                return await replay.run(skill, VALUES, Deadline.after_ms(60_000))

        await cloud.brain.trials.run(OWNER, skill, VALUES, trial)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
