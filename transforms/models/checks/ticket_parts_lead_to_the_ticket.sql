-- warn: The parts of a ticket lead from one state to the next and to the one that it has; where they do not, a later part, or its own state, is believed.
select ticket_id, state, from_epoch
from int_ticket_state_spans
where is_inferred
