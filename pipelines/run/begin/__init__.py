"""What every command begins with that reads Intercom: lock, connect, identify, refuse what does not belong together."""
