-- error: int_support_figures has one row per period, first day, channel and team, and none of the four is missing.
select period, starts_on, channel, team_id
from int_support_figures
group by period, starts_on, channel, team_id
having count(*) > 1 or period is null or starts_on is null or channel is null or team_id is null
