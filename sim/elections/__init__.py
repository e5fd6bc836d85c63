"""Elections: what a layer of votes makes of what people have seen of candidates; off unless a scenario asks for it."""
