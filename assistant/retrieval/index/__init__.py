"""The index on disk: built a generation at a time, copied, checked, opened."""
