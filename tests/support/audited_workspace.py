"""The workspace that tests of the audit load: its options, and what is loaded of it."""

SIZES = {"contacts": 40, "companies": 15, "conversations": 50, "tickets": 12, "rate_limit": 0}
OPTIONS = {"seed": 21, "now": "2026-03-01T12:00:00Z", **SIZES}
AUDITED = ("companies", "contacts", "conversations", "tickets")
