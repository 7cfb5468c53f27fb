"""What a target holds and how fresh that is."""
