"""What runs learn of changed pages: kept as versions of the skill, told as they happen, and asked when not sure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.pool import Pool, PoolConfig
from cloud.clock import utc_seconds
from cloud.events import EventLog
from cloud.lam.learning import Learning
from cloud.lam.mind import Mind
from cloud.lam.toolbox import Toolbox
from cloud.people.memory import Memory
from cloud.runner import Limits, Runner
from cloud.store import Store, file_url, insert_new, persons
from cloud.tools.gate import Desk
from cloud.tools.healings import Healings, Pick, read_then, with_targets
from cloud.tools.register import Register
from cloud.tools.shelf import Shelf
from cloud.turns import Pictures
from examples.town.town import Town
from teach_mode.checks import read_skill
from teach_mode.errors import StepLost
from teach_mode.healer import Healed
from teach_mode.replayed import Replayed
from teach_mode.skill import Skill, Step, Target
from tests.cloud.exact import ExactCorrector
from tests.cloud.tools.kitchen import Kitchen

PIZZA = Path(__file__).parents[3] / "examples" / "skills" / "pizza.json"
GONE = (Locator(kind=LocatorKind.CSS, value="#of-last-year"),)


def found(skill: Skill, step: str, words: str = "Go on", **more: Any) -> Healed:
    """The step's element, found elsewhere."""
    old = next(one.target for one in skill.all_steps if one.id == step)
    assert old is not None
    new = Target(locators=GONE, fingerprint=Fingerprint(role="button", name=words))
    return Healed(step=step, part="target", old=old, new=new, score=0.9, margin=0.9, words=words, **more)


def test_only_the_step_that_was_healed_changes_and_only_while_it_is_as_it_was() -> None:
    skill = read_skill(PIZZA)
    healed = found(skill, "checkout")
    changed, kept = with_targets(skill, [healed])
    assert kept == (healed,)
    assert [one.id for one, two in zip(skill.steps, changed.steps, strict=True) if one != two] == ["checkout"]
    assert with_targets(changed, [healed]) == (changed, ())


def test_what_is_picked_to_be_read_is_read_then_and_nothing_is_done_twice_for_it() -> None:
    skill = read_skill(PIZZA)
    last = Step(id="said", action="read", effect="read", saves="answer", target=skill.steps[-1].target)
    skill = replace(skill, steps=(*skill.steps, last), read_back="The shop says: {answer}")
    lost = Replayed(outcome="failed", answer="", values={}, steps=(), error=StepLost("said: lost", step="said"))
    pick = Pick(healed=found(skill, "said"), text="It is in the oven.")
    read = read_then(lost, skill, pick)
    assert read is not None and (read.outcome, read.answer) == ("done", "The shop says: It is in the oven.")
    assert read_then(lost, skill, Pick(healed=found(skill, "checkout"), text="Checkout")) is None


def test_a_healed_version_lies_on_the_shelf_with_pictures_and_can_be_reverted(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    first = shelf.save(read_skill(PIZZA), why="taught", pictures={"checkout.jpg": b"then"})
    healings = Healings()
    assert healings.keep("order_pizza", []) is None
    healings.open(shelf)
    saved = healings.keep(first.name, [found(first, "checkout", after=b"now")])
    assert saved is not None and saved.version == 2
    newest, _ = shelf.versions(first.name)
    assert (newest.why, newest.from_version, newest.note) == ("healed", 1, "checkout: now “Go on”")
    assert shelf.picture(first.name, 2, "checkout-after.jpg") == b"now"
    assert shelf.picture(first.name, 2, "checkout-before.jpg") == b"then"
    assert shelf.revert(first.name, 1).steps == first.steps
    assert healings.keep("unknown", [found(first, "checkout")]) is None


def lately_taught(skill: Skill) -> Skill:
    """As if it had been taught before the shop was redesigned: three of its elements had other names and places."""
    names = {"checkout": "Proceed to checkout", "add-to-cart": "Throw it in", "pay": "Order now and pay"}

    def older(step: Any) -> Any:
        if step.id not in names:
            return step
        print_ = replace(step.target.fingerprint, name=names[step.id], text=names[step.id])
        return replace(step, target=Target(locators=GONE, fingerprint=print_))

    return replace(skill, steps=tuple(map(older, skill.steps)))


@pytest.fixture
async def kitchen(tmp_path: Path) -> AsyncIterator[tuple[Kitchen, Shelf]]:
    async with Town() as town:
        store = await Store.open(file_url(tmp_path / "store.db"))
        async with store.write() as connection:
            await insert_new(connection, persons, {"id": "ada", "name": "Ada", "zone": "UTC", "created_at": 0.0})
        log = EventLog(store, utc_seconds)
        memory = Memory(store, utc_seconds)
        await memory.remember("ada", {"name": "Ada", "phone": "555 0100", "address": "Elm Street 5"})
        toolbox = Toolbox()
        mind = Mind(toolbox, ExactCorrector(), memory=memory, learning=Learning(store, memory, toolbox, utc_seconds))
        runner = Runner(
            mind,
            log,
            folder=tmp_path,
            pictures=Pictures(tmp_path / "pictures"),
            zone=ZoneInfo("UTC"),
            limits=Limits(ask_s=60),
        )
        config = PoolConfig(state_dir=tmp_path / "browser", allow_local=(f"*.localhost:{town.port}",))
        healings = Healings()
        async with Pool(config) as pool:
            desk = Desk(judge_act=mind.judge_act, asks=runner.asks, intents=runner.intents, ask_s=60, healings=healings)
            register = Register(toolbox, sites={"pizza": town.addresses.pizza}, pool=pool, desk=desk)
            skill = lately_taught(read_skill(PIZZA))
            shelf = Shelf(tmp_path / "skills", files={skill.name: skill}, changed=register.changed)
            register.open(shelf)
            healings.open(shelf)
            await runner.start()
            yield Kitchen(town, log, memory, runner, pool, toolbox, desk), shelf
            await runner.stop()
        await store.close()


@pytest.mark.e2e
async def test_a_redesigned_shop_is_ordered_from_and_what_was_learnt_is_kept(
    kitchen: tuple[Kitchen, Shelf],
) -> None:
    shop, shelf = kitchen

    def answer(asked: dict[str, Any]) -> str:
        named = {choice["text"]: choice["value"] for choice in asked["choices"]}
        return named["Add to cart"] if named else "yes"

    task = await shop.say()
    status, sentence = await shop.end(task, answer)
    assert (status, len(shop.town.ledger.rows())) == ("done", 1), sentence
    pick, yes = shop.asked
    assert pick["text"] == "The site has changed. Which of these is “Throw it in” now?"
    assert ["New button", "“Order and pay”; it was taught as “Order now and pay”", "site"] in yes["rows"]
    assert "the button now says “Order and pay”" in yes["text"]
    events = await shop.log.read("ada", task=task)
    told = [event.data for event in events if event.kind == "healed"]
    assert [(step["step"], step["now"]) for data in told for step in data["steps"]] == [
        ("add-to-cart", "Add to cart"),
        ("checkout", "Checkout"),
        ("pay", "Order and pay"),
    ]
    newest = shelf.versions("order_pizza")[0]
    assert (newest.why, newest.note, told[-1]["version"]) == ("healed", "picked by the person", newest.number)
    again = await shop.say(key="dev:2")
    assert (await shop.end(again))[0] == "done"
    once_more = [event.data for event in await shop.log.read("ada", task=again) if event.kind == "healed"]
    assert once_more == []
    assert len(shop.asked) == 3
