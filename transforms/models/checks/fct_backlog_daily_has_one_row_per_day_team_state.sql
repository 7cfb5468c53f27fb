-- error: fct_backlog_daily has one row per day, team and state, and no day or team is missing.
select day, team_id, state
from fct_backlog_daily
group by day, team_id, state
having count(*) > 1 or day is null or team_id is null
