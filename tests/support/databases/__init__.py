"""The databases themselves: a private PostgreSQL, files and their bytes, locks."""
