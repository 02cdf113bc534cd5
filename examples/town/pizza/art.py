"""Little pizzas, drawn as SVG."""

from __future__ import annotations

import math
import random

from markupsafe import Markup

from examples.town.pizza.menu import KINDS

SHAPES = {
    "pepperoni": '<circle r="8.5" fill="#b3261e"/><circle r="8.5" fill="none" stroke="#8c1a14" stroke-width="1.6"/>'
    '<circle cx="-2.6" cy="-2" r="1.3" fill="#e8867f"/><circle cx="3" cy="2" r="1" fill="#e8867f"/>',
    "mozzarella": '<path d="M-9-2C-8-9 4-10 9-4S7 9-1 8-10 4-9-2Z" fill="#fffaf0"/>',
    "blue": '<path d="M-6-2C-5-6 3-7 6-3S5 6-1 6-7 3-6-2Z" fill="#e7eef5"/><circle r="1.4" fill="#6d8db0"/>',
    "basil": '<path d="M-9 0C-5-7 5-7 9 0 5 7-5 7-9 0Z" fill="#3c8d40"/>'
    '<path d="M-8 0H8" stroke="#9fd19a" stroke-width="1"/>',
    "mushroom": '<path d="M-8 0C-8-9 8-9 8 0H3V7H-3V0Z" fill="#e9d8bd" stroke="#a98e66" stroke-width="1.4"/>',
    "ham": '<path d="M-8-5 6-8 9 3-5 7Z" fill="#f2a39b" stroke="#e08379" stroke-width="1.2"/>',
    "pineapple": '<path d="M-7-6 8-3 2 8Z" fill="#ffd84d" stroke="#e0ad12" stroke-width="1.4"/>',
    "chilli": '<path d="M-9 3C-3 6 6 3 9-4 4-1-4 0-9 3Z" fill="#d6281b"/>'
    '<path d="M9-4 11-7" stroke="#3c8d40" stroke-width="2"/>',
    "pepper": '<path d="M-8 3A8 8 0 0 1 8 3" fill="none" stroke="#43a047" stroke-width="3.6" stroke-linecap="round"/>',
    "olive": '<circle r="5" fill="#333b2b"/><circle r="1.9" fill="#f3c969"/>',
}
CHEESE = {"marinara": "#d9482b", "quattro-formaggi": "#fbe3a1"}


def pizza_svg(kind: str) -> Markup:
    """An inline SVG of the pizza, the same for the same kind; decoration only, so hidden from assistive tools."""
    dice = random.Random(kind)
    looks = KINDS[kind].looks
    pieces = []
    for ring, count in ((17, 4), (42, 9)):
        start = dice.uniform(0, math.tau)
        for number in range(count):
            angle = start + math.tau * number / count + dice.uniform(-0.14, 0.14)
            radius = ring + dice.uniform(-3, 3)
            x, y = 80 + radius * math.cos(angle), 80 + radius * math.sin(angle)
            shape = SHAPES[looks[(number + (ring > 20)) % len(looks)]]
            pieces.append(f'<g transform="translate({x:.1f} {y:.1f}) rotate({dice.randrange(360)})">{shape}</g>')
    cheese = CHEESE.get(kind, "#f8cf6a")
    return Markup(  # made of constants of this module alone
        '<svg class="art" viewBox="0 0 160 160" aria-hidden="true" focusable="false">'
        '<circle cx="80" cy="83" r="73" fill="#0002"/><circle cx="80" cy="80" r="73" fill="#d99a4e"/>'
        '<circle cx="80" cy="80" r="73" fill="none" stroke="#b97932" stroke-width="3"/>'
        f'<circle cx="80" cy="80" r="62" fill="#c93f24"/><circle cx="80" cy="80" r="59" fill="{cheese}"/>'
        f"{''.join(pieces)}</svg>"
    )
