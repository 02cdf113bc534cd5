"""What happens again and again: what it is, when it is, and how people say it. Pure."""
