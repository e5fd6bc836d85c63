"""Studies that hold the simulator against what is published, what must come out null, and what is known by hand."""
