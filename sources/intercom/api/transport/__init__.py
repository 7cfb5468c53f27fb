"""The bytes of a request and its answer: connections, their pool, and how they are opened."""
