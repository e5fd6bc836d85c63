"""What researchers and journalists conclude from the record that they get, scored against the truth that only a simulator knows."""
