"""The cloud in containers: what stands beside Containerfile and compose.yaml."""
