"""The lab: a page on which a class watches two worlds, moderates one, and finds out how wrong it was."""
