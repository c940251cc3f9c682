"""The page, and what it is drawn from."""
