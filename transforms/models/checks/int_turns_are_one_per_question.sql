-- error: A turn is one per conversation and number, and is answered after it is asked.
select conversation_id, turn
from int_turns
group by conversation_id, turn
having
    count(*) > 1
    or min(response_seconds) < 0
    or sum(case when asked_at_epoch is null then 1 else 0 end) > 0
    or sum(case when outcome = 'answered' and answered_at_epoch is null then 1 else 0 end) > 0
