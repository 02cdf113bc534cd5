"""Files of the Chrome DevTools Recorder."""

from __future__ import annotations

import json

from teach_mode.formats.registry import import_skill, recognise

FLOW = {
    "title": "Choose a pizza",
    "steps": [
        {"type": "navigate", "url": "http://pizza.localhost:8123/"},
        {
            "type": "click",
            "selectors": [['aria/Choose Pepperoni[role="link"]'], ["main", "a.button"], "xpath///*[@id='pep']"],
            "offsetX": 1,
            "offsetY": 1,
            "assertedEvents": [{"type": "navigation", "url": "http://pizza.localhost:8123/pizza/pepperoni"}],
        },
        {"type": "change", "selectors": [["#name"]], "value": "Ada {Example}"},
    ],
}


def test_a_flow_becomes_a_skill_with_its_steps_in_their_order() -> None:
    data = json.dumps(FLOW, indent=1).encode()
    assert recognise(data) == "chrome-recorder"
    [found] = import_skill(data)
    click, fill = found.skill.steps
    assert click.target is not None
    assert [one.described() for one in click.target.locators] == [
        "link 'Choose Pepperoni'",
        "css 'main >> a.button'",
        "xpath \"//*[@id='pep']\"",
    ]
    assert click.postcondition is not None and click.postcondition.url == "{site}/pizza/pepperoni"
    assert (fill.action, fill.value) == ("fill", "Ada {{Example}}")
