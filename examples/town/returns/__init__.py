"""A desk that takes goods back."""
