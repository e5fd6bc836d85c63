"""What an investigating body could publish from the record that was left: statements with their support, rates and likelihood ratios."""
