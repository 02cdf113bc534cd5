from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teach_mode.checks import parse_skill, read_skill, write_skill
from teach_mode.errors import (
    SkillContradictory,
    SkillError,
    SkillFormatUnknown,
    SkillOriginRefused,
    SkillUnknownField,
    SkillUnreadable,
)
from teach_mode.schema import schema, schema_text

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "examples" / "skills").glob("*.json"))
Change = Callable[[dict[str, Any]], None]


def pizza() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads((ROOT / "examples" / "skills" / "pizza.json").read_text(encoding="utf-8"))
    return raw


def step(raw: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in raw["steps"] if one["id"] == name)


def loop(raw: dict[str, Any], first: str, last: str, **more: Any) -> None:
    raw["loops"] = [{"first": first, "last": last, **more}]


def parse(raw: Any) -> None:
    parse_skill(json.dumps(raw).encode(), "pizza.json")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_examples_are_as_they_would_be_written(path: Path) -> None:
    assert write_skill(read_skill(path)) == path.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_published_schema_takes_the_examples(path: Path) -> None:
    jsonschema.validate(json.loads(path.read_bytes()), schema())


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "docs" / "skill.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), "run: python -m teach_mode.schema > docs/skill.schema.json"


def test_the_published_schema_refuses_an_unknown_field() -> None:
    raw = pizza()
    step(raw, "pay")["confirm"] = []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(raw, schema())


@pytest.mark.parametrize(
    ("path", "field", "hint"),
    [
        ([], "stpes", "did you mean 'steps'?"),
        (["steps", 0], "acton", "did you mean 'action'?"),
        (["steps", 0, "target", "fingerprint"], "neighbors", "did you mean 'neighbours'?"),
        (["steps", 0, "target", "locators", 0], "css", "there are kind, value, name, exact, nth"),
        (["parameters", 0, "choices", 0], "says", "there are value, spoken"),
        (["origins"], "navigates", "did you mean 'navigate'?"),
    ],
)
def test_an_unknown_field_is_named_with_its_place_and_the_nearest(path: list[Any], field: str, hint: str) -> None:
    raw = pizza()
    at: Any = raw
    for part in path:
        at = at[part]
    at[field] = "x"
    with pytest.raises(SkillUnknownField) as caught:
        parse(raw)
    assert str(caught.value).startswith(f"pizza.json: unknown field {field!r} at $")
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: step(raw, "pay").update(effect="harmless"), "$.steps["),
        (lambda raw: raw["steps"][0].update(most="many"), "Expected `int`, got `str` - at `$.steps[0].most`"),
        (lambda raw: raw.pop("base"), "missing required field `base`"),
    ],
)
def test_a_wrong_type_is_named_with_its_place(change: Change, said: str) -> None:
    raw = pizza()
    change(raw)
    with pytest.raises(SkillUnreadable) as caught:
        parse(raw)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'"x"', b"\xff\xfe"])
def test_what_is_no_json_object_is_said(text: bytes) -> None:
    with pytest.raises(SkillUnreadable):
        parse_skill(text)


@pytest.mark.parametrize("version", [None, 0, 2, "1"])
def test_another_format_is_said(version: Any) -> None:
    with pytest.raises(SkillFormatUnknown, match="this version reads format 1"):
        parse({**pizza(), "format": version})


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw["entry"].update(url="http://evil.example/"),
        lambda raw: raw["entry"].update(url="{site}.evil.example/"),
        lambda raw: raw["entry"].update(url="{site}@evil.example/"),
        lambda raw: raw["entry"].update(url="http://{address}/"),
        lambda raw: raw["entry"].update(url="{address}"),
        lambda raw: raw["entry"].update(url="javascript:alert(1)"),
        lambda raw: raw["entry"]["reconcile"][0].update(value="https://pizza.localhost.evil.example/"),
        lambda raw: step(raw, "pay")["evidence"].update(url="http://bistro.localhost:8123/bookings"),
        lambda raw: raw.update(base="http://evil.example"),
        lambda raw: raw.update(base="ftp://pizza.localhost"),
        lambda raw: raw.update(base="http://ada@pizza.localhost"),
        lambda raw: raw["origins"].update(navigate=["*"]),
        lambda raw: raw["origins"].update(navigate=["*.localhost", "pizza.localhost"]),
        lambda raw: raw["origins"].update(load=["https://cdn.example"]),
    ],
)
def test_a_place_that_the_skill_may_not_go_to_is_refused(change: Change) -> None:
    raw = pizza()
    change(raw)
    with pytest.raises(SkillOriginRefused):
        parse(raw)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: step(raw, "pay").pop("confirms"), "needs `confirms` and a `question`"),
        (lambda raw: step(raw, "pay").pop("question"), "needs `confirms` and a `question`"),
        (lambda raw: step(raw, "pay").update(question="Order it?"), "put {total} into it"),
        (lambda raw: step(raw, "pay").update(for_each="toppings"), "done once"),
        (lambda raw: step(raw, "pay")["target"].update(fingerprint={}), "needs a fingerprint"),
        (lambda raw: step(raw, "pay").update(action="press"), "an irreversible step is a click"),
        (lambda raw: step(raw, "pay").update(opens="more"), "opens no tab"),
        (lambda raw: step(raw, "pay").update(dialog={"accept": True}), "needs its `message`"),
        (lambda raw: step(raw, "pay").update(optional=True), "nothing irreversible"),
        (lambda raw: raw["entry"]["reconcile"][1].update(effect="irreversible"), "reconciling may not"),
        (lambda raw: raw.update(effect="reversible"), "one of its steps is irreversible"),
        (lambda raw: step(raw, "fill-name").update(value="{nam}"), "did you mean 'name'?"),
        (lambda raw: step(raw, "fill-name").update(value="{name|shout}"), "there is no filter 'shout'"),
        (lambda raw: step(raw, "fill-name").update(for_each="kind"), "no parameter with many values"),
        (lambda raw: step(raw, "fill-name").update(id="fill-phone"), "step id 'fill-phone' stands twice"),
        (lambda raw: step(raw, "fill-name").pop("target"), "fill needs a target"),
        (lambda raw: step(raw, "fill-name").update(secret="pin"), "in place of a value"),
        (lambda raw: step(raw, "fill-name").update(one_time=True), "there is no `secret`"),
        (lambda raw: step(raw, "fill-name").update(tab="more"), "no step before it opens the tab 'more'"),
        (lambda raw: step(raw, "fill-name").update(opens="More!"), "opens: 'More!'"),
        (lambda raw: step(raw, "fill-name").update(downloads="site"), "cannot be used"),
        (lambda raw: step(raw, "fill-name").update(dialog={"message": "{nam}"}), "did you mean 'name'?"),
        (lambda raw: step(raw, "fill-name").update(action="scroll", value="", target=None), "or a `value` in px"),
        (lambda raw: step(raw, "fill-name").update(action="close"), "close is for a further `tab`"),
        (lambda raw: step(raw, "read-number").update(opens="more"), "read opens no tab"),
        (lambda raw: step(raw, "read-number").pop("saves"), "needs `saves`"),
        (lambda raw: step(raw, "read-number").update(saves="item"), "cannot be used"),
        (lambda raw: loop(raw, "fill-name", "fill-nam", for_each="toppings"), "there is no step 'fill-nam'"),
        (lambda raw: loop(raw, "fill-phone", "fill-name", for_each="toppings"), "in the order of the steps"),
        (lambda raw: loop(raw, "fill-name", "fill-phone"), "over `for_each` or over `rows`"),
        (lambda raw: loop(raw, "fill-name", "fill-phone", for_each="kind"), "no parameter with many values"),
        (lambda raw: loop(raw, "fill-name", "pay", for_each="toppings"), "'pay' is irreversible"),
        (lambda raw: loop(raw, "fill-name", "fill-name", for_each="toppings", most=0), "at least 1"),
        (lambda raw: raw["utterances"].append("order a {pizza}"), "{pizza} is no parameter of the request"),
        (lambda raw: raw["utterances"].append("order (a"), "utterances: the template 'order (a'"),
        (lambda raw: raw["utterances"].append("send it to {address}"), "{address} is no parameter of the request"),
        (lambda raw: raw["parameters"][0].update(question=""), "it needs a question"),
        (lambda raw: raw["parameters"][0].update(choices=[]), "a choice needs choices"),
        (lambda raw: raw.update(steps=[]), "there are none"),
        (lambda raw: raw.update(name="Order pizza"), "lower-case"),
    ],
)
def test_parts_that_do_not_hold_together_are_named(change: Change, said: str) -> None:
    raw = pizza()
    change(raw)
    with pytest.raises(SkillContradictory) as caught:
        parse(raw)
    assert said in str(caught.value)


def test_a_skill_is_bound_to_the_owners_address_and_nothing_wider() -> None:
    skill = parse_skill(json.dumps(pizza()).encode())
    bound = skill.at("http://pizza.localhost:40123/")
    assert bound.base == "http://pizza.localhost:40123"
    assert bound.navigates == bound.loads == ("pizza.localhost:40123",)
    for elsewhere in ("http://evil.example", "http://pizza.localhost.evil.example", "http://ada@pizza.localhost", "x"):
        with pytest.raises(SkillOriginRefused):
            skill.at(elsewhere)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("http://pizza.localhost:40123/cart", True),
        ("http://pizza.localhost:40124/cart", False),
        ("https://pizza.localhost:40123/cart", False),
        ("http://pizza.localhost/cart", False),
        ("http://bistro.localhost:40123/", False),
        ("http://pizza.localhost:40123@evil.example/", False),
        ("chrome-error://chromewebdata/", False),
        ("about:blank", False),
    ],
)
def test_a_skill_acts_on_its_own_origin_alone(url: str, may: bool) -> None:
    skill = parse_skill(json.dumps(pizza()).encode()).at("http://pizza.localhost:40123")
    assert skill.may_be_at(url) is may


LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner))


@given(st.data())
def test_a_damaged_file_raises_nothing_but_skill_errors(data: st.DataObject) -> None:
    raw = pizza()
    at: Any = raw
    for _ in range(data.draw(st.integers(0, 4))):
        inner = [
            key
            for key, value in (at.items() if isinstance(at, dict) else enumerate(at))
            if value.__class__ in (dict, list) and value
        ]
        if not inner:
            break
        at = at[data.draw(st.sampled_from(inner))]
    key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else list(range(len(at)))))
    at[key] = data.draw(JSON)
    try:
        parse(raw)
    except SkillError as error:
        assert str(error).startswith("pizza.json: ")
