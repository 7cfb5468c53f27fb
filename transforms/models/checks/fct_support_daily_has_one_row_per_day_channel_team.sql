-- error: fct_support_daily has one row per day, channel and team, and none of the three is missing.
select day, channel, team_id
from fct_support_daily
group by day, channel, team_id
having count(*) > 1 or day is null or channel is null or team_id is null
