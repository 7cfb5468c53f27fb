"""What PostgreSQL alone needs: the options by which dlt uses it, and what a role may do."""
