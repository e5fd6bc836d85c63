"""Recommendation algorithms: what the platform shows to whom. They see the record, and believe what they learned."""
