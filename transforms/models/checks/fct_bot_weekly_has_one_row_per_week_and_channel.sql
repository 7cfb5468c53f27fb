-- error: fct_bot_weekly has one row per week and channel, and no part is greater than its whole.
select week_start, channel
from fct_bot_weekly
group by week_start, channel
having
    count(*) > 1
    or week_start is null
    or channel is null
    or max(count_bot_involved - count_conversations) > 0
    or max(count_deflected - count_bot_involved) > 0
    or max(count_handed_off - count_bot_involved) > 0
    or max(count_returned_within_24_hours - count_deflected) > 0
    or max(deflection_rate) > 1
