"""What endpoints are asked with and answer with: a call, pages, answers that are no plain JSON."""
