"""Those who decide: Mesa agents that see what is public and return what they want done."""
