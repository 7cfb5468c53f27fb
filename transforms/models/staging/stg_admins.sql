-- One row per teammate who is in the workspace now; those who left are still in the history of conversations.
select
    admins.id as admin_id,
    nullif(admins.name, '') as name,
    nullif(admins.email, '') as email,
    nullif(admins.job_title, '') as job_title,
    admins.has_inbox_seat,
    admins.away_mode_enabled as is_away,
    admins.away_mode_reassign as is_reassigning_while_away
from raw.admins
