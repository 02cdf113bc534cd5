"""A tab driven from afar: pictures out, a person's hands in."""
