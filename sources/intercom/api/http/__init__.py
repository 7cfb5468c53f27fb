"""One request and its answer: pacing, retries, what breaks on the way, and the JSON of the body."""
