"""What a person reads: the report, its figures, the memo, the page of an audit, the tables of the protocol."""
