-- One row per teammate, bot, team, member of a team and workspace: its name or address now; whether an id is a bot's is a part of it.
select
    'staff' as entity,
    staff_id as id,
    coalesce(name, '') || case when is_bot then ' (bot)' else '' end as name
from int_staff
union all
select 'team' as entity, team_id as id, coalesce(name, '') as name
from stg_teams
union all
select 'member' as entity, team_id || ' ' || admin_id as id, 'member' as name
from stg_team_admins
union all
select 'workspace' as entity, workspace_id as id, coalesce(app_url, '') as name
from stg_workspace
