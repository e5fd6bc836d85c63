"""Labelled logs in graded difficulty for detectors of coordinated accounts, and what anybody's flags are worth on them."""
