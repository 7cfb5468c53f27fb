"""Sweep and audit: everything that compares the tables with Intercom."""
