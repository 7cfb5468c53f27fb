"""The means of reading in one run, and the only way from a resource to dlt."""
