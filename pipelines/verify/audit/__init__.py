"""The audit: compares what is loaded with Intercom, by counts and by reading again, and repairs differences."""
