"""What the pizza shop sells."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class Size(Struct, frozen=True):
    key: str
    title: str
    width_cm: int
    extra: Decimal


class Kind(Struct, frozen=True):
    """A pizza. `price` is the small one's; `looks` are what is drawn on it."""

    key: str
    title: str
    about: str
    price: Decimal
    looks: tuple[str, ...]
    meat: bool = False


class Topping(Struct, frozen=True):
    key: str
    title: str
    price: Decimal


SIZES = {
    size.key: size
    for size in (
        Size("small", "Small", 26, Decimal("0.00")),
        Size("medium", "Medium", 32, Decimal("2.50")),
        Size("large", "Large", 38, Decimal("5.00")),
    )
}

KINDS = {
    kind.key: kind
    for kind in (
        Kind("margherita", "Margherita", "Tomato, fior di latte, basil", Decimal("8.00"), ("mozzarella", "basil")),
        Kind("pepperoni", "Pepperoni", "Tomato, mozzarella, spicy pepperoni", Decimal("9.50"), ("pepperoni",), True),
        Kind("funghi", "Funghi", "Tomato, mozzarella, chestnut mushrooms", Decimal("9.00"), ("mushroom", "basil")),
        Kind("hawaii", "Hawaii", "Tomato, mozzarella, ham, pineapple", Decimal("9.80"), ("ham", "pineapple"), True),
        Kind(
            "diavola",
            "Diavola",
            "Tomato, mozzarella, hot salami, chilli",
            Decimal("10.20"),
            ("pepperoni", "chilli"),
            True,
        ),
        Kind("prosciutto", "Prosciutto", "Mozzarella, cured ham, rocket", Decimal("10.80"), ("ham", "basil"), True),
        Kind(
            "vegetariana",
            "Vegetariana",
            "Peppers, courgette, olives, onion",
            Decimal("9.60"),
            ("pepper", "olive", "mushroom"),
        ),
        Kind(
            "quattro-formaggi",
            "Quattro Formaggi",
            "Four cheeses, a little honey",
            Decimal("10.50"),
            ("mozzarella", "blue"),
        ),
        Kind(
            "capricciosa",
            "Capricciosa",
            "Ham, mushrooms, artichoke, olives",
            Decimal("10.90"),
            ("ham", "mushroom", "olive"),
            True,
        ),
        Kind("marinara", "Marinara", "Tomato, garlic, oregano, no cheese", Decimal("7.50"), ("basil", "olive")),
    )
}

TOPPINGS = {
    topping.key: topping
    for topping in (
        Topping("mushrooms", "Mushrooms", Decimal("1.20")),
        Topping("olives", "Olives", Decimal("1.00")),
        Topping("onions", "Onions", Decimal("0.80")),
        Topping("peppers", "Peppers", Decimal("1.20")),
        Topping("jalapenos", "Jalapeños", Decimal("1.20")),
        Topping("extra-cheese", "Extra cheese", Decimal("1.50")),
        Topping("bacon", "Bacon", Decimal("1.80")),
        Topping("rocket", "Rocket", Decimal("1.00")),
    )
}
