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
    or max(count_fin_resolved + count_fin_routed + count_fin_abandoned - count_fin_involved) > 0
    or max(count_fin_confirmed - count_fin_resolved) > 0
    or max(deflection_rate) > 1
    or max(bot_only_csat) > 1
    or max(fin_resolution_rate) > 1
