"""`leveret skill`: skills from the command line, whether or not a cloud runs."""
