"""The plan of the house: read from the project's own imports, held by tests, drawn in docs/ARCHITECTURE.md."""
