"""Comparisons at many points of a design, here or on a cluster: each family of worlds leaves one file, and none is run twice."""
