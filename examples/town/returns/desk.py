"""Orders that were delivered, and what comes back of them. No I/O but the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from examples.town.ledger import Ledger, ReturnRow
from examples.town.site import File

DAYS_TO_RETURN = 30
REASONS = {
    "too-small": "Too small",
    "too-large": "Too large",
    "damaged": "Arrived damaged",
    "wrong-item": "Not what I ordered",
    "changed-mind": "Changed my mind",
}
NEED_PHOTO = ("damaged", "wrong-item")
PHOTOS = (".jpg", ".jpeg", ".png", ".webp")


class Item(Struct, frozen=True):
    key: str
    title: str
    price: Decimal


class Order(Struct, frozen=True):
    number: str
    email: str
    delivered: datetime
    items: tuple[Item, ...]


class Wish(Struct, frozen=True):
    """What is to come back of an order, by keys."""

    order: Order
    items: tuple[Item, ...]
    reason: str
    note: str
    photo: File | None

    @property
    def refund(self) -> Decimal:
        return sum((item.price for item in self.items), Decimal("0.00"))


class Return(Struct, frozen=True):
    number: str
    wish: Wish
    at: datetime


BOOTS = Item("boots", "Rain boots, green, 39", Decimal("49.00"))
COAT = Item("coat", "Wool coat, grey, M", Decimal("129.00"))
LAMP = Item("lamp", "Desk lamp, brass", Decimal("64.50"))
MUGS = Item("mugs", "Six mugs, blue", Decimal("38.00"))
SCARF = Item("scarf", "Scarf, mustard", Decimal("24.90"))
TENT = Item("tent", "Tent for two", Decimal("159.00"))
# Number, email, days since the delivery, items.
DELIVERED = (
    ("A-2207", "ada@leveret.example", 4, (BOOTS, COAT, SCARF)),
    ("A-2190", "ada@leveret.example", 12, (LAMP, MUGS)),
    ("A-2031", "ada@leveret.example", 61, (TENT,)),
    ("A-2211", "carl@leveret.example", 2, (MUGS,)),
)


class Desk:
    """The return desk. `found` are the numbers of the orders that a session has shown to be its own."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self.now = now
        self.orders = {
            number: Order(number, email, now() - timedelta(days=days), items)
            for number, email, days, items in DELIVERED
        }
        self.wishes: dict[str, Wish] = {}
        self.returns: list[Return] = []
        self.found: dict[str, set[str]] = {}

    def find(self, form: Mapping[str, str]) -> tuple[Order | None, dict[str, str]]:
        """The order of that number and email, or errors by field."""
        number, email = form.get("order", "").upper(), form.get("email", "").lower()
        order = self.orders.get(number)
        if order is None or order.email != email:
            return None, {"order": "We have no order with this number and email."}
        if order.delivered < self.now() - timedelta(days=DAYS_TO_RETURN):
            return None, {"order": f"Order {number} came more than {DAYS_TO_RETURN} days ago; it stays with you."}
        return order, {}

    def left(self, order: Order) -> tuple[Item, ...]:
        """Items that have not come back yet."""
        gone = {item.key for back in self.returns if back.wish.order == order for item in back.wish.items}
        return tuple(item for item in order.items if item.key not in gone)

    def of_order(self, number: str) -> list[Return]:
        """What came back of an order, newest first."""
        return [back for back in reversed(self.returns) if back.wish.order.number == number]

    def read_wish(
        self, order: Order, keys: Sequence[str], form: Mapping[str, str], photo: File | None
    ) -> tuple[Wish | None, dict[str, str]]:
        """What is to come back, from a form; or errors by field."""
        errors: dict[str, str] = {}
        items = tuple(item for item in self.left(order) if item.key in keys)
        reason = form.get("reason", "")
        if not items:
            errors["items"] = "Please choose what you send back."
        if reason not in REASONS:
            errors["reason"] = "Please choose a reason."
        if photo is not None and not photo.name.lower().endswith(PHOTOS):
            errors["photo"] = "Please upload a picture (JPG, PNG or WebP)."
        if photo is None and reason in NEED_PHOTO:
            errors["photo"] = "Please upload a photo, so that we can see it."
        if errors:
            return None, errors
        return Wish(order, items, reason, form.get("note", "")[:500], photo), {}

    def file(self, session: str) -> Return:
        """Take the return: it stands in the ledger when this returns."""
        wish = self.wishes.pop(session)
        back = Return(f"R-{901 + len(self.returns)}", wish, self.now())
        self._ledger.write(
            ReturnRow(
                number=back.number,
                order=wish.order.number,
                items=tuple(item.title for item in wish.items),
                reason=REASONS[wish.reason],
                photo=wish.photo.name if wish.photo else "",
                at=back.at.isoformat(timespec="seconds"),
            )
        )
        self.returns.append(back)
        return back
