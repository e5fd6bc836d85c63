"""What a sweep has left, as tables, and questions to them."""
