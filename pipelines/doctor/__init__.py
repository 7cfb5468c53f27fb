"""Checks of everything that a complete load needs."""
