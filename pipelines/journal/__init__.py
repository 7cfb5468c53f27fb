"""What is said of a run: to people, to machines, and in the tables of the destination."""
