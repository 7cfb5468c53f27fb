"""What may be shown of texts that others have written."""
