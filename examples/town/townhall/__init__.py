"""Parking permits, by a wizard on the server."""
