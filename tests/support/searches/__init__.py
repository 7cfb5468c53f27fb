"""Searches that tests answer, and runs that read them chunk by chunk."""
