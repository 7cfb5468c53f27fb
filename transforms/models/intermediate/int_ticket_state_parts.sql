-- One row per part of a ticket that names the ticket's state, numbered in the order in which they were written.
select
    stg_ticket_parts.ticket_id,
    -- ids are numbers written as text: the longer one is the greater one
    row_number() over (
        partition by stg_ticket_parts.ticket_id
        order by stg_ticket_parts.created_at_epoch, length(stg_ticket_parts.part_id), stg_ticket_parts.part_id
    ) as place,  -- 1, 2, ... within the ticket
    case
        when stg_ticket_parts.created_at_epoch < stg_tickets.created_at_epoch then stg_tickets.created_at_epoch
        else stg_ticket_parts.created_at_epoch
    end as at_epoch,
    stg_ticket_parts.author_type,
    stg_ticket_parts.previous_ticket_state,  -- NULL: not said
    stg_ticket_parts.ticket_state
from stg_ticket_parts
inner join stg_tickets on stg_ticket_parts.ticket_id = stg_tickets.ticket_id
where
    stg_ticket_parts.ticket_state is not null
    and stg_ticket_parts.created_at_epoch is not null  -- what has no time has no place
