-- One row per teammate, bot and team: its name now; whether an id is a bot's is a part of it.
select
    'staff' as entity,
    staff_id as id,
    coalesce(name, '') || case when is_bot then ' (bot)' else '' end as name
from int_staff
union all
select 'team' as entity, team_id as id, coalesce(name, '') as name
from stg_teams
