"""What a workspace publishes and sends: help center, news, messages."""
