"""Question sets in, scores out: what the assistant gets right, told by rules and without a model as judge."""
