-- One row per team.
select
    teams.id as team_id,
    nullif(teams.name, '') as name,
    nullif(teams.distribution_method, '') as distribution_method
from raw.teams
