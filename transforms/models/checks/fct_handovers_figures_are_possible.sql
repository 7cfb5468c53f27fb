-- error: No reply comes before the handover.
-- incremental: conversation_id
select conversation_id, handover
from fct_handovers
where seconds_to_reply < 0
