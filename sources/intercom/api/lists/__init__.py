"""Lists of records, page by page, and the proof that nothing of a list is missing."""
