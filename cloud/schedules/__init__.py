"""What is done again and again, at times that a person chose."""
