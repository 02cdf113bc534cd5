"""Peers that do the same order in the same run: what `benchmarks.replay` measures the skill against."""
