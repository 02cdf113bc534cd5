"""Meter readings, in a page of frames."""
