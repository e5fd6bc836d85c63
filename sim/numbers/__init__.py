"""Keyed luck, arithmetic that comes out the same everywhere, and columns that grow."""
