"""Handing a skill on: what is its person's own is taken out, and what somebody hands on is looked at first."""
