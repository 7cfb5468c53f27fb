-- error: fct_backlog_daily has one row per day, team and state, and no part is greater than its whole.
select day, team_id, state
from fct_backlog_daily
group by day, team_id, state
having
    count(*) > 1
    or day is null
    or team_id is null
    or max(count_unassigned - count_conversations) > 0
    or max(count_waiting_on_us - count_conversations) > 0
    or max(count_older_than_1_day - count_conversations) > 0
    or max(count_older_than_3_days - count_older_than_1_day) > 0
    or max(count_older_than_7_days - count_older_than_3_days) > 0
    or min(median_age_seconds) < 0
