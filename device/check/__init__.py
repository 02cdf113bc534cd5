"""`leveret-device check`: each part tried with a person's help, and a report that can be pasted into an issue."""
