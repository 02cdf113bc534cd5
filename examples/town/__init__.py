"""A small town of websites, made to be acted on: a pizza shop and a bistro on one loopback server, and a ledger."""

from examples.town.ledger import Ledger
from examples.town.town import Addresses, Town

__all__ = ["Addresses", "Ledger", "Town"]
