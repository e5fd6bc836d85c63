"""Compiled loops: plain arrays in and out, no project types. Each has a slow twin in tests/reference."""
