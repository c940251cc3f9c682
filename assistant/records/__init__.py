"""What the service writes down: feedback, the audit log, and what was answered from which sources."""
