"""Where worlds are run, alone or as families that share their history, and what they leave."""
