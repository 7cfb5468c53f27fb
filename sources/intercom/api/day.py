"""The length of a day, and how much earlier a search begins where Intercom compares calendar days."""

DAY_SECONDS = 86_400
# So much earlier is at or before the beginning of that second's day in every time zone, also when clocks change.
BY_DAY_SECONDS = 90_000
