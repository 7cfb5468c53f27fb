"""Lists of records, page by page."""
