"""A question becomes ranked Passages."""
