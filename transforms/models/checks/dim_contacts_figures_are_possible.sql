-- error: Every contact has a health, with reasons where it is not healthy, and rates are between 0 and 1.
select contact_id
from dim_contacts
where
    health is null
    or (health <> 'healthy' and health_reasons is null)
    or reopen_rate < 0
    or reopen_rate > 1
