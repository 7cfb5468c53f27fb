-- One row per team and teammate in it.
select
    team_admins.team_id,
    team_admins.admin_id,
    nullif(team_admins.priority_level, '') as priority_level
from raw.team_admins
