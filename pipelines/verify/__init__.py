"""Sweep and audit: everything that holds the tables against Intercom."""
