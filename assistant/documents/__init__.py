"""A file becomes a Document of Passages of Sentences."""
