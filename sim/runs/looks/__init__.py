"""A world as somebody sees it who must judge it: a moderator before the platform's record, or anybody before public counters."""
