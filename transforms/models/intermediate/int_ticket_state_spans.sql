-- One row per stretch of time in which a ticket is in one state, from its beginning on and without a gap.
-- A change that left no part is placed as late as possible: at the next part, which leaves or finds the state; a state that this
-- part leaves lasts no time at all. The last state is the ticket's own: if the parts do not lead to it, it begins when the ticket
-- last changed.
with

-- one of which nobody knows since when it is there has no history
beginnings as (
    select ticket_id, begun_at_epoch, begun_in_state
    from int_ticket_beginnings
    where begun_at_epoch is not null
),

states as (
    select
        parts.*,
        lag(parts.ticket_state) over (partition by parts.ticket_id order by parts.place) as state_after_last
    from int_ticket_state_parts as parts
    inner join beginnings on parts.ticket_id = beginnings.ticket_id
),

-- what each part found, and what the part before had left
steps as (
    select
        ticket_id,
        place,
        ticket_state,
        author_type,
        at_epoch,
        coalesce(previous_ticket_state, state_after_last, 'submitted') as state_before,
        coalesce(state_after_last, previous_ticket_state, 'submitted') as state_after_last
    from states
),

last_steps as (
    select ticket_id, max(at_epoch) as at_epoch
    from states
    group by ticket_id
),

changes_in_parts as (
    select
        beginnings.ticket_id,
        0 as change,
        coalesce(beginnings.begun_in_state, steps.state_before, 'submitted') as state,
        beginnings.begun_at_epoch as from_epoch,
        cast(null as varchar) as begun_by_type,
        false as is_inferred
    from beginnings
    left join steps on beginnings.ticket_id = steps.ticket_id and steps.place = 1
    union all
    select
        ticket_id,
        2 * place as change,
        state_before as state,
        at_epoch as from_epoch,
        'unknown' as begun_by_type,
        true as is_inferred
    from steps
    where state_before <> state_after_last
    union all
    select
        ticket_id,
        2 * place + 1 as change,
        ticket_state as state,
        at_epoch as from_epoch,
        author_type as begun_by_type,
        false as is_inferred
    from steps
    where ticket_state <> state_before
),

last_changes as (
    select ticket_id, max(change) as change
    from changes_in_parts
    group by ticket_id
),

-- a change without a part: a bulk change, an import
changes_without_a_part as (
    select
        changes_in_parts.ticket_id,
        changes_in_parts.change + 1 as change,
        stg_tickets.ticket_state as state,
        case
            when last_steps.at_epoch > coalesce(stg_tickets.updated_at_epoch, 0) then last_steps.at_epoch
            when stg_tickets.updated_at_epoch > changes_in_parts.from_epoch then stg_tickets.updated_at_epoch
            else changes_in_parts.from_epoch
        end as from_epoch,
        changes_in_parts.change = 0
        and stg_tickets.updated_at_epoch <= changes_in_parts.from_epoch
        and coalesce(last_steps.at_epoch <= changes_in_parts.from_epoch, true) as is_made_so
    from changes_in_parts
    inner join last_changes
        on changes_in_parts.ticket_id = last_changes.ticket_id and changes_in_parts.change = last_changes.change
    inner join stg_tickets on changes_in_parts.ticket_id = stg_tickets.ticket_id
    left join last_steps on changes_in_parts.ticket_id = last_steps.ticket_id
    where changes_in_parts.state <> stg_tickets.ticket_state
),

stretches as (
    select changes_in_parts.*
    from changes_in_parts
    left join changes_without_a_part on changes_in_parts.ticket_id = changes_without_a_part.ticket_id
    where not coalesce(changes_without_a_part.is_made_so, false)
    union all
    select
        ticket_id,
        change,
        state,
        from_epoch,
        case when not is_made_so then 'unknown' end as begun_by_type,
        not is_made_so as is_inferred
    from changes_without_a_part
),

with_ends as (
    select
        stretches.*,
        lead(from_epoch) over (partition by ticket_id order by change) as to_epoch,
        lead(begun_by_type) over (partition by ticket_id order by change) as ended_by_type
    from stretches
),

measured as (
    select
        with_ends.*,
        coalesce(team_schedules.schedule_id, 'default') as schedule_id,
        case
            when with_ends.to_epoch is not null then with_ends.to_epoch
            when build_clock.now_epoch < with_ends.from_epoch then with_ends.from_epoch
            else build_clock.now_epoch
        end as end_epoch
    from with_ends
    cross join build_clock
    inner join stg_tickets on with_ends.ticket_id = stg_tickets.ticket_id
    left join team_schedules on stg_tickets.team_assignee_id = team_schedules.team_id
)

select
    measured.ticket_id,
    cast(
        row_number() over (partition by measured.ticket_id order by measured.change) as bigint
    ) as span,  -- 1, 2, ... within the ticket
    measured.state,  -- submitted, in_progress, waiting_on_customer or resolved
    to_timestamp(measured.from_epoch) as from_at,
    measured.from_epoch,
    to_timestamp(measured.to_epoch) as to_at,  -- NULL: still going on
    measured.to_epoch,
    measured.end_epoch - measured.from_epoch as seconds,
    end_slots.clock_offset_seconds + end_slots.is_open * measured.end_epoch
    - from_slots.clock_offset_seconds - from_slots.is_open * measured.from_epoch
        as business_seconds,
    measured.ended_by_type,  -- author type of the part that ended it, or unknown; NULL: still going on
    measured.is_inferred  -- no part shows its beginning: it follows from the next part, or from the ticket's own state
from measured
left join business_slots as from_slots
    on measured.schedule_id = from_slots.schedule_id
    and cast(floor(measured.from_epoch / 900) as bigint) = from_slots.slot_id
left join business_slots as end_slots
    on measured.schedule_id = end_slots.schedule_id
    and cast(floor(measured.end_epoch / 900) as bigint) = end_slots.slot_id
