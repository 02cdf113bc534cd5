"""Tickets with numbered seats."""
