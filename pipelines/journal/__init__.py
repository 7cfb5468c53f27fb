"""Reports about a run: to people, to machines, and in tables of the destination."""
