"""Conversations whose figures were worked out by hand from Intercom's published definitions."""
