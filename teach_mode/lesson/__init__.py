"""A lesson: what was shown, what the person makes of it, and what comes of it."""
