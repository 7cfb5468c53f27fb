"""One request and its answer: authentication, pacing, retries, refusals, and the JSON of the body."""
