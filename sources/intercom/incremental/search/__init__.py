"""The pass over a search: every change since the last one, by pages or by ranges of time."""
