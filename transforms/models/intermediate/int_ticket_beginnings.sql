-- One row per ticket: since when it is one. A conversation that becomes a ticket keeps its age and its parts; that it became
-- one, its first part with a state says, which leaves the state as it was. Every ticket has such a part.
with

loaded as (
    select ticket_id, count(*) as count_parts
    from stg_ticket_parts
    group by ticket_id
),

-- without the oldest parts its history is not known, and neither is what is made of it
completeness as (
    select
        stg_tickets.ticket_id,
        coalesce(loaded.count_parts, 0) >= coalesce(stg_tickets.ticket_parts_total_count, 0) as has_all_parts
    from stg_tickets
    left join loaded on stg_tickets.ticket_id = loaded.ticket_id
),

states as (
    -- ids are numbers written as text: the longer one is the greater one
    select
        ticket_id,
        created_at_epoch as at_epoch,
        previous_ticket_state,
        ticket_state,
        row_number() over (partition by ticket_id order by created_at_epoch, length(part_id), part_id) as place
    from stg_ticket_parts
    where ticket_state is not null
)

select
    stg_tickets.ticket_id,
    completeness.has_all_parts,
    case
        when states.at_epoch > stg_tickets.created_at_epoch then states.at_epoch
        else stg_tickets.created_at_epoch
    end as begun_at_epoch,  -- where no part says it: when it was made
    states.ticket_state as begun_in_state  -- NULL: no part says it
from stg_tickets
inner join completeness on stg_tickets.ticket_id = completeness.ticket_id
left join states
    on stg_tickets.ticket_id = states.ticket_id
    and states.place = 1
    and states.ticket_state = states.previous_ticket_state
    and completeness.has_all_parts
