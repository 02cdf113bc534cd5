"""What the device's process takes of its machine, and how long a person waits for it: `python -m benchmarks.device`."""
