"""What a build does on PostgreSQL alone: waits for locks, keeps grants and views of others, has tables analyzed."""
