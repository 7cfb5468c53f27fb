"""Who writes and is written to: contacts, their companies, visitors, and what they did."""
