"""The pizza shop."""
