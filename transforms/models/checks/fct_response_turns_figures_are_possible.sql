-- error: Nobody waits less than no time, nor longer in working hours than in all.
-- incremental: conversation_id
select conversation_id, turn
from fct_response_turns
where
    response_seconds < 0
    or response_business_seconds < 0
    or waited_seconds < 0
    or waited_business_seconds < 0
    or waited_business_seconds > waited_seconds
    or response_business_seconds > response_seconds
