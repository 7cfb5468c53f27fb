-- One row per teammate who is in the workspace now, as Fivetran shapes it.
select
    admins.id,
    nullif(admins.name, '') as name,
    nullif(admins.job_title, '') as job_title,
    false as _fivetran_deleted
from raw.admins
