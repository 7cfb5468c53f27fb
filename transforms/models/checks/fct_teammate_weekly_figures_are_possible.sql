-- error: Nobody has conversations for less than no time, nor replies in more than there are replies; rates are between 0 and 1.
select admin_id, week_start
from fct_teammate_weekly
where
    owned_seconds < 0
    or count_replied_conversations > count_replies
    or reopen_rate < 0
    or reopen_rate > 1
    or csat < 0
    or csat > 1
