"""The audit: what is loaded against what Intercom has, counted and read again, with the differences repaired."""
