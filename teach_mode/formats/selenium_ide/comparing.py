"""The conditions of blocks, JavaScript in the file, as far as they are plain comparisons of variables. Pure."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Operator = Literal["==", "!=", ">", "<", ">=", "<=", ""]
_VARIABLE = r"\$\{(?P<name>\w+)\}"
_LITERAL = r"""(?P<literal>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|undefined)"""
_FORWARDS = re.compile(rf"""["']?{_VARIABLE}["']?(?P<length>\.length)?\s*(?P<op>===?|!==?|>=?|<=?)\s*{_LITERAL}""")
_BACKWARDS = re.compile(rf"""{_LITERAL}\s*(?P<op>===?|!==?|>=?|<=?)\s*["']?{_VARIABLE}["']?""")
_BARE = re.compile(rf"(?P<no>!?)\s*{_VARIABLE}")
_SECOND = _LITERAL.replace("<literal>", "<other>")
_FIXED = re.compile(rf"""{_LITERAL}(?:\s*(?P<op>===?|!==?|>=?|<=?)\s*{_SECOND})?""")
_TURNED: dict[str, Operator] = {"==": "==", "!=": "!=", ">": "<", "<": ">", ">=": "<=", "<=": ">="}
_AGAINST: dict[Operator, Operator] = {"==": "!=", "!=": "==", ">": "<=", "<": ">=", ">=": "<", "<=": ">"}
_TRUTHS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


class Comparison(Struct, frozen=True):
    """`name`, or the `length` of it, compared with a text; with no operator, whether it is anything at all, or, without
    `holds`, nothing."""

    name: str
    op: Operator = ""
    text: str = ""
    holds: bool = True
    length: bool = False

    def negated(self) -> Comparison:
        """The opposite."""
        return replace(self, op=_AGAINST[self.op]) if self.op else replace(self, holds=not self.holds)

    def of(self, value: str) -> bool:
        """Whether it holds for a value that is known."""
        if not self.op:
            return (value not in ("", "0", "false", "null", "undefined")) == self.holds
        left, right = _number(value), _number(self.text)
        if self.op in ("==", "!="):
            same = value == self.text or (left is not None and left == right)
            return same == (self.op == "==")
        return left is not None and right is not None and _TRUTHS[self.op](left, right)


def comparisons_of(expression: str) -> tuple[Comparison, ...] | bool | None:
    """What a condition compares, all of which must hold; a truth value where it is fixed; None where it is anything
    else."""
    plain = _bare(expression)
    found: list[Comparison] = []
    for part in plain.split("&&"):
        one = _comparison(_bare(part))
        if one is None or one is False:
            return one
        if one is not True:
            found.append(one)
    return tuple(found) or True


def _comparison(plain: str) -> Comparison | bool | None:
    match = _FORWARDS.fullmatch(plain)
    if match is not None:
        length = bool(match["length"])
        return Comparison(match["name"], _plain(match["op"]), _text(match["literal"]), length=length)
    match = _BACKWARDS.fullmatch(plain)
    if match is not None:
        return Comparison(match["name"], _TURNED[_plain(match["op"])], _text(match["literal"]))
    match = _BARE.fullmatch(plain)
    if match is not None:
        return Comparison(match["name"], holds=not match["no"])
    match = _FIXED.fullmatch(plain)
    if match is None:
        return None
    if not match["op"]:
        return Comparison("", holds=True).of(_text(match["literal"]))
    return Comparison("", _plain(match["op"]), _text(match["other"])).of(_text(match["literal"]))


def _bare(expression: str) -> str:
    plain = expression.strip()
    while plain.startswith("(") and plain.endswith(")") and "(" not in plain[1:-1]:
        plain = plain[1:-1].strip()
    return plain


def _plain(op: str) -> Operator:
    return {"===": "==", "!==": "!="}.get(op, op)  # type: ignore[return-value]


def _text(literal: str) -> str:
    if literal[:1] in ("'", '"'):
        return re.sub(r"\\(.)", r"\1", literal[1:-1])
    return literal


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
