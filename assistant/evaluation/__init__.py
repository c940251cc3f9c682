"""Question sets, metrics, runner, report."""
