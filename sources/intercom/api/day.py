"""The length of a day, and of what is asked for in advance where Intercom compares calendar days."""

DAY_SECONDS = 86_400
# One more hour than a day begins at or before the wanted second in every time zone, daylight saving included.
BY_DAY_SECONDS = 90_000
