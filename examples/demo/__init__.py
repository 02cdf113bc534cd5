"""The main job on one machine: a town, a cloud, a simulated device, and a person who holds its button."""
