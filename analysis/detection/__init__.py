"""Who acted together in a log of whatever origin, beside what chance would give."""
