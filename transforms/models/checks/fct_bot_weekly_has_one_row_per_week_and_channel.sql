-- error: fct_bot_weekly has one row per week and channel, and neither is missing.
select week_start, channel
from fct_bot_weekly
group by week_start, channel
having count(*) > 1 or week_start is null or channel is null
