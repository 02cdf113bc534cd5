"""`leveret history`: what was done in a person's name, on the command line."""
