-- error: fct_sla has one row per conversation, no negative breach, and a breach where a target is missed and only there.
-- incremental: conversation_id
select conversation_id
from fct_sla
group by conversation_id
having
    count(*) > 1
    or min(breach_seconds) < 0
    or sum(case when coalesce(own_status, '') = 'missed' and breach_seconds = 0 then 1 else 0 end) > 0
    or sum(case when coalesce(own_status, '') <> 'missed' and breach_seconds > 0 then 1 else 0 end) > 0
    or sum(case when coalesce(own_status, 'hit') not in ('hit', 'missed', 'active', 'cancelled') then 1 else 0 end) > 0
