"""Arithmetic by voice: sums, percentages, tips, shares and units. Worked out here, with no source and no model."""

from __future__ import annotations

from collections.abc import Mapping

from cloud.lam.errors import ToolError
from cloud.lam.toolbox import Card, Outcome, Row, Run
from cloud.tools.spoken import SpokenTool, text_of
from language.arithmetic import Measure, bounded, joined, shared, worked_out
from language.entities import SumSlot, Value
from language.errors import SumError
from language.measures import PERCENT
from language.results import Result, is_plural, result_of, told, written
from language.sums import Joined, Node, Operator, read_figure

WORDS_REPEATED = 16  # a longer sum is not said again
_QUESTION = "What shall I work out?"


_SIDES: tuple[tuple[str, Operator], ...] = (
    ("more", "plus"),
    ("less", "minus"),
    ("factor", "times"),
    ("parts", "divided by"),
)


def _figures(name: str, question: str, example: str, *, required: bool = True) -> SumSlot:
    return SumSlot(name=name, figures=True, question=question, example=example, required=required)


_OF = _figures("whole", "Of how much?", "sixty")
_PART = _figures("part", "How much of it?", "fifteen")
_RATE = _figures("rate", "What percentage?", "twenty percent")


def _node(arguments: Mapping[str, Value], slot: str) -> Node:
    node = read_figure(text_of(arguments, slot))
    if node is None:
        raise ToolError("I could not make a sum of that.")
    return node


def _value(node: Node) -> Measure:
    try:
        return worked_out(node)
    except SumError as error:
        raise ToolError(str(error)) from error


async def _work_out(arguments: Mapping[str, Value], run: Run) -> Outcome:
    node = _node(arguments, "sum")
    return _answer(told(node), written(node), _value(node), plural=is_plural(node))


async def _combine(arguments: Mapping[str, Value], run: Run) -> Outcome:
    """ "add … to …", "subtract … from …", "multiply … by …", "divide … by …": whichever of the slots was filled."""
    for slot, operator in _SIDES:
        if text_of(arguments, slot):
            node = Joined(operator, _node(arguments, "whole"), _node(arguments, slot))
            return _answer(told(node), written(node), _value(node))
    raise ToolError("I could not make a sum of that.")


async def _take_percentage(arguments: Mapping[str, Value], run: Run) -> Outcome:
    whole, part = _node(arguments, "whole"), _node(arguments, "part")
    try:
        share = bounded(shared(_value(part), _value(whole)))
    except SumError as error:
        raise ToolError(str(error)) from error
    return _answer(told(part), f"{written(part)} of {written(whole)}", share, after=f" of {told(whole)}")


async def _add_tip(arguments: Mapping[str, Value], run: Run) -> Outcome:
    rate, bill = _value(_node(arguments, "rate")), _value(_node(arguments, "whole"))
    if rate.unit is None:
        rate = Measure(rate.value, PERCENT)
    if bill.unit is not None and bill.unit.kind not in ("money", "mass"):
        raise ToolError(f"A tip is given on an amount of money, not on {bill.unit.plural}.")
    try:
        tip, whole = joined("times", rate, bill), joined("plus", bill, rate)
    except SumError as error:
        raise ToolError(str(error)) from error
    first, both = result_of(tip, money=True), result_of(whole, money=True)
    sentence = f"The tip is {_about(first)}, and {both.said} with it."
    rows = (Row("Bill", result_of(bill, money=True).shown), Row("Tip", first.shown), Row("Together", both.shown))
    return Outcome(status="done", sentence=sentence, card=Card(title=both.shown, rows=rows))


def _about(result: Result) -> str:
    return f"about {result.said}" if result.rounded else result.said


def _answer(said: str, shown: str, value: Measure, *, plural: bool = False, after: str = "") -> Outcome:
    result = result_of(value)
    verb = "are" if plural else "is"
    head = f"{said} {verb}" if len(said.split()) <= WORDS_REPEATED else "That makes"
    sentence = f"{head} {_about(result)}{after}."
    sign = "≈" if result.rounded else "="
    card = Card(title=result.shown, body=f"{shown} {sign} {result.shown}")
    return Outcome(status="done", sentence=sentence[:1].upper() + sentence[1:], card=card)


WORK_OUT = SpokenTool(
    name="work_out",
    description="do sums",
    utterances=(
        "(what's|what is|what are|how much is|how much are|calculate|compute|work out) {sum}",
        "how (many|much) {sum}",
        "convert {sum}",
        "{sum}",
    ),
    slots=(SumSlot(name="sum", question=_QUESTION, example="fifteen percent of eighty four"),),
    work=_work_out,
)

CALCULATE = SpokenTool(
    name="calculate",
    description="add, take away, multiply and divide",
    utterances=(
        "add {more} to {whole}",
        "add {whole} and {more}",
        "(subtract|take) {less} from {whole}",
        "take {less} off {whole}",
        "multiply {whole} by {factor}",
        "divide {whole} by {parts}",
        "split {whole} (by|between|among) {parts} [ways|people|persons|of us]",
        "split {whole} {parts} ways",
    ),
    slots=(_OF, *(_figures(name, _QUESTION, "ten percent", required=False) for name, _ in _SIDES)),
    work=_combine,
)

PERCENTAGE = SpokenTool(
    name="percentage",
    description="tell what percentage something is",
    utterances=(
        "what (percentage|percent) of {whole} is {part}",
        "what (percentage|percent) is {part} of {whole}",
        "{part} is what (percentage|percent) of {whole}",
        "[what is|what's] {part} as a percentage of {whole}",
    ),
    slots=(_OF, _PART),
    work=_take_percentage,
)

TIP = SpokenTool(
    name="tip",
    description="work out a tip",
    utterances=(
        "[what's|what is|how much is] [a|the] {rate} tip (on|for) {whole}",
        "how much (tip|should i tip) (on|for) {whole}",
        "(work out|calculate) [a|the] tip (on|for) {whole}",
    ),
    slots=(_OF, _RATE),
    work=_add_tip,
)

SUM_TOOLS = (WORK_OUT, CALCULATE, PERCENTAGE, TIP)
