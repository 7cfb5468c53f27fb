"""What keeps a machine from a complete load."""
