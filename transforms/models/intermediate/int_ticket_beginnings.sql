-- One row per ticket: since when it is one. A conversation that becomes a ticket keeps its age and its parts.
-- The first part that names a state says when it became a ticket, and leaves the state as it was: so has every ticket in the API
-- reference's examples.
with

loaded as (
    select ticket_id, count(*) as count_parts, count(created_at_epoch) as count_with_time
    from stg_ticket_parts
    group by ticket_id
),

-- without the oldest parts its history is not known, and neither is what is made of it
completeness as (
    select
        stg_tickets.ticket_id,
        coalesce(loaded.count_parts, 0) >= coalesce(stg_tickets.ticket_parts_total_count, 0)
        -- a part without a time has no place in it
        and coalesce(loaded.count_parts = loaded.count_with_time, true) as has_all_parts
    from stg_tickets
    left join loaded on stg_tickets.ticket_id = loaded.ticket_id
)

select
    stg_tickets.ticket_id,
    completeness.has_all_parts,
    coalesce(first_parts.at_epoch, stg_tickets.created_at_epoch) as begun_at_epoch,  -- where no part says it: when it was made
    first_parts.ticket_state as begun_in_state  -- NULL: no part says it
from stg_tickets
inner join completeness on stg_tickets.ticket_id = completeness.ticket_id
left join int_ticket_state_parts as first_parts
    on stg_tickets.ticket_id = first_parts.ticket_id
    and first_parts.place = 1
    and first_parts.ticket_state = first_parts.previous_ticket_state
    and completeness.has_all_parts
