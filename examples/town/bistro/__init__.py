"""The bistro."""
