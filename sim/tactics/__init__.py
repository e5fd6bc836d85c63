"""What a campaign can do, at the level of budgets, timing and visible behaviour."""
