"""A library catalogue from another time."""
