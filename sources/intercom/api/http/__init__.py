"""One request and its answer: pacing, retries, transport errors, and the JSON of the body."""
