-- error: fct_handovers has one row per conversation and number.
-- incremental: conversation_id
select conversation_id, handover
from fct_handovers
group by conversation_id, handover
having count(*) > 1
