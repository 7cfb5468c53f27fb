-- One row per rating given since the day.
select rated_on, channel, team_id, admin_id, rating
from fct_csat
where rated_on >= cast('{since}' as date)
