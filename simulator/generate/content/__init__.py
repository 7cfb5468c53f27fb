"""Published and sent content: help center, news, messages."""
