-- error: fct_sla has one row per conversation.
-- incremental: conversation_id
select conversation_id
from fct_sla
group by conversation_id
having count(*) > 1
