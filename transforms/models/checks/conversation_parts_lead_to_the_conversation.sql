-- warn: The parts of a conversation lead to the state, teammate and team that it has; where they do not, its own fields are believed.
-- incremental: conversation_id
select
    conversation_id,
    event_id as what_differs,  -- state, owner (teammate or team), first_close or last_close (in Intercom's statistics alone)
    at_epoch
from int_events
where is_inferred
