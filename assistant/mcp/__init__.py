"""The door for clients of the Model Context Protocol: by standard input and output, or over HTTP at /mcp."""
