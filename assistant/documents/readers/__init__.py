"""One reader per format; each returns what the file holds, with final text and offsets."""
