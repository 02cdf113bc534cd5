"""An admin panel of members, behind a password and a code."""
