"""What is kept of what happened, for how long, and who may see it: two clocks that moderation itself sets going."""
