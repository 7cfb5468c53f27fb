-- error: No part is greater than its whole, and nothing is younger than nothing.
select day, team_id, state
from fct_backlog_daily
where
    count_unassigned > count_conversations
    or count_waiting_on_us > count_conversations
    or count_older_than_1_day > count_conversations
    or count_older_than_3_days > count_older_than_1_day
    or count_older_than_7_days > count_older_than_3_days
    or median_age_seconds < 0
