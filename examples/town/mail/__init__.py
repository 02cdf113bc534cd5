"""A webmail, behind a login with a one-time code."""
