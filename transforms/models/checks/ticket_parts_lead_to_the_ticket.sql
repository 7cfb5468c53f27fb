-- warn: The parts of a ticket lead to the state that it has; where they do not, its own state is believed.
select ticket_id, state, from_epoch
from int_ticket_state_spans
where is_inferred
