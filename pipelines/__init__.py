"""Runs: the command line and the main flow (load, transform, check, report)."""
