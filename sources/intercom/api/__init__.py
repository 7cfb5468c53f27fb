"""One request, pages, pacing and errors: knows HTTP, and nothing of dlt."""
