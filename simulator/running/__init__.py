"""What a running simulator holds: workspace and clock, and the counts of what was asked."""
