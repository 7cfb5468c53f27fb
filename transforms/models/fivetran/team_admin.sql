-- One row per team and teammate in it, as Fivetran shapes it.
select
    team_admins.admin_id,
    team_admins.team_id,
    false as _fivetran_deleted
from raw.team_admins
