"""The length of a day, and how much earlier a search begins where Intercom compares calendar days."""

DAY_SECONDS = 86_400
# 25 hours earlier is at or before the beginning of the wanted second's day in every time zone, daylight saving included.
BY_DAY_SECONDS = 90_000
