"""What stands in the datasets of a build, and whose it is."""
