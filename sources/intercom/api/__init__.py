"""Requests, pages, pacing and errors: this package knows HTTP, and nothing of dlt."""
