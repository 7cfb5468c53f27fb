"""What one run reads with, and the one way from a resource to dlt."""
