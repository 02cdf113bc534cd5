"""A customer list behind a login."""
