"""Privacy rules, and people who were forgotten."""
