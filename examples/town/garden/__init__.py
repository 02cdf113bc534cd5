"""A plant shop made of custom elements."""
