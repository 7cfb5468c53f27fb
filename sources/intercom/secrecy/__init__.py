"""Which parts of texts from others may be shown."""
