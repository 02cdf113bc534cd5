"""A small town of websites, made to be acted on: thirteen sites on one loopback server, and a ledger."""

from examples.town.ledger import Ledger
from examples.town.town import Addresses, Town

__all__ = ["Addresses", "Ledger", "Town"]
