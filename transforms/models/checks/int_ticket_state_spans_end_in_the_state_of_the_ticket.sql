-- error: The last state in the history of a ticket is the one that Intercom shows.
select stg_tickets.ticket_id
from stg_tickets
inner join int_ticket_state_spans
    on stg_tickets.ticket_id = int_ticket_state_spans.ticket_id and int_ticket_state_spans.to_epoch is null
where stg_tickets.ticket_state <> int_ticket_state_spans.state
