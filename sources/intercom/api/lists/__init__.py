"""Lists of records, page by page, and the proof that no record is missing."""
