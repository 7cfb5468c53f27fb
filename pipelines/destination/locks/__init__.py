"""The three places of a lock: a file next to the database, the database's own locks, a row with a heartbeat."""
