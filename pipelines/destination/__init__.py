"""The database: target, lock, what is loaded, raw tables by plain SQL, its failures and what to do about them."""
