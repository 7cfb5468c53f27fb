"""Telling a chat how a scheduled command ended: what is said, when, and how it gets there."""
