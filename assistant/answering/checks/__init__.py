"""What grounding looks at: the figures, names, words and clauses of a statement, and of the sentences it cites."""
