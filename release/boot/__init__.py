"""Picks the release and runs it, as the parent of the program. Python's standard library only: no update changes it.

It is laid beside the releases by the installer and must go on when a release does not even start.
"""
