"""What may be loaded, and who was forgotten."""
