-- error: Where a breach is known, there is one if a target is missed and only then; every status of a target is a known one.
-- incremental: conversation_id
select conversation_id
from fct_sla
where
    breach_seconds < 0
    or (coalesce(own_status, '') = 'missed' and breach_seconds = 0)
    or (coalesce(own_status, '') <> 'missed' and breach_seconds > 0)
    or coalesce(own_status, 'hit') not in ('hit', 'missed', 'active', 'cancelled')
