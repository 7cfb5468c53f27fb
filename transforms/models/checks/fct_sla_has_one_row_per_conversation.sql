-- error: fct_sla has one row per conversation, and no breach is negative.
select conversation_id
from fct_sla
group by conversation_id
having count(*) > 1 or min(breach_seconds) < 0
