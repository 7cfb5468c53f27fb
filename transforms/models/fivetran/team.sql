-- One row per team, as Fivetran shapes it.
select
    teams.id,
    nullif(teams.name, '') as name,
    false as _fivetran_deleted
from raw.teams
