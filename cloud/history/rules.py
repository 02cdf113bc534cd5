"""The rules of judgement in words, for who reads afterwards why something was let go, asked about, or refused."""

from __future__ import annotations

from typing import Final

# What a rule stands for when it decided; each says what was found, as a sentence.
RULES: Final[dict[str, str]] = {
    "harmless": "It only looks, or can be undone, and no rule spoke against it.",
    "asks_at_the_act": "It acts on a website and asks by itself right before anything that cannot be undone.",
    "irreversible_is_asked": "It cannot be undone, so it was asked about first.",
    "tool_known": "There is no such tool.",
    "step_was_asked_for": "The request did not name this tool.",
    "steps_are_few": "The plan had more steps than are ever done at once.",
    "step_waits_its_turn": "What it builds on was not done.",
    "effect_is_not_hidden": "It was announced as less than what its tool does.",
    "slots_are_filled": "A detail that it needs was missing.",
    "arguments_fit": "A detail was not of the kind, or not within the bounds, that the tool takes.",
    "step_keeps_taint_out": "Words of a page or a picture would have decided where something goes.",
    "act_was_asked_for": "The request did not name the tool that wanted to act.",
    "effect_is_within_the_tool": "The act would have done more than its tool is for.",
    "effect_is_what_the_button_says": "The button commits to something, and the skill would not have asked before it.",
    "origin_is_allowed": "The page was on a site where the skill may not act.",
    "confirmations_are_there": "The site did not say what must be seen before the act.",
    "amounts_are_readable": "An amount on the page could not be read as exactly one number.",
    "spending_is_within_the_cap": "It cost more than the limit that is set.",
    "price_is_as_asked": "It did not cost what was asked for.",
    "act_keeps_taint_out": "Words of a page or a picture would have decided where something goes.",
}


def words_of(rule: str) -> str:
    """What the rule means; "" for one that nobody knows any more."""
    return RULES.get(rule, "")
