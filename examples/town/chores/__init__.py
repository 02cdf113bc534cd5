"""A list of chores that is drawn in the browser."""
