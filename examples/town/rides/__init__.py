"""Rides across the town, at a price that holds for a minute."""
