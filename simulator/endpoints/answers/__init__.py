"""What endpoints of several entities answer alike."""
