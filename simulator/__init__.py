"""Intercom REST API 2.10 as a local server."""
