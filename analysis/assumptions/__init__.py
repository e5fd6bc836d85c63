"""Which settings of the platform look like a real one."""
