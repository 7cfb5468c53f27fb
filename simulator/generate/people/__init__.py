"""The people who write and are written to: contacts, their companies, visitors, and their events."""
