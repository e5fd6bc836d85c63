"""The state of a world in drawers, and the one place that writes it."""
