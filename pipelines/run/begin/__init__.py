"""The beginning of every command that reads Intercom: lock, connect, identify, refuse another workspace."""
