"""What stands over the door of each site, for the landing page."""

from __future__ import annotations

from msgspec import Struct


class Sign(Struct, frozen=True):
    """A site's title, a sentence about it, and the two colours of its house."""

    title: str
    about: str
    wall: str
    roof: str


SIGNS = {
    "pizza": Sign("Forno Pizza", "Ten pizzas, brought to your door.", "#f8cf6a", "#c8321f"),
    "bistro": Sign("Bistro Lune", "A table by moonlight, 18 to 21 h.", "#ffdf9e", "#1f3a5f"),
    "mail": Sign("Plain Mail", "Read and write mail; password and code at the door.", "#dfe8fb", "#2457c5"),
    "tickets": Sign("Lumen Tickets", "Concerts and plays, each with its seats.", "#fde3d3", "#b5371f"),
    "rides": Sign("Hop Rides", "From here to there, at a price that holds a minute.", "#e3f5c8", "#3d6b12"),
    "returns": Sign("Return Desk", "Send back what does not fit.", "#e8e4fb", "#5b46b8"),
    "customers": Sign("Ledgerline", "Five hundred customers in a list.", "#d8f0ee", "#0d6b66"),
    "garden": Sign("Green Corner", "Plants by the pot, delivered on a day.", "#dff2d8", "#2f6f36"),
    "library": Sign("Town Library", "A catalogue from 1999. It still works.", "#f5efdc", "#7a5c1e"),
    "townhall": Sign("Town Hall", "Parking permits in a few steps.", "#e6eaf0", "#37465c"),
    "chores": Sign("Chores", "Four hundred things to be done.", "#fff1c9", "#a86a00"),
    "admin": Sign("Members", "Who belongs to the town, and as what.", "#f7dfe9", "#9a2559"),
    "waterworks": Sign("Waterworks", "Send in the reading of your meter.", "#d6edf8", "#0f5f8a"),
}
