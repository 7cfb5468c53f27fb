-- error: fct_teammate_weekly has one row per teammate and week, no negative figure, and rates between 0 and 1.
select admin_id, week_start
from fct_teammate_weekly
group by admin_id, week_start
having
    count(*) > 1
    or admin_id is null
    or week_start is null
    or min(owned_seconds) < 0
    or min(reopen_rate) < 0
    or max(reopen_rate) > 1
    or min(csat) < 0
    or max(csat) > 1
    or max(count_replied_conversations - count_replies) > 0
