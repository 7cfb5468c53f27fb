"""A workspace that tests tell conversation by conversation, and what is loaded of it."""
