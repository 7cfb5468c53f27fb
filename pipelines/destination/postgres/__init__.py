"""What PostgreSQL alone needs: how long to wait for others, and what a role may do."""
