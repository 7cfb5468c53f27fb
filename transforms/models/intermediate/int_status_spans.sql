-- One row per stretch of time in which state, teammate and team of a conversation stay the same, without a gap.
-- incremental: conversation_id
with

beginnings as (
    select
        conversation_id,
        first_seq,
        from_epoch,
        state,
        previous_state,
        cast(null as varchar) as owner_set,
        cast(null as varchar) as admin_id,
        cast(null as varchar) as team_id
    from int_state_spans
    union all
    select
        conversation_id,
        first_seq,
        from_epoch,
        cast(null as varchar) as state,
        cast(null as varchar) as previous_state,
        cast(1000000000 + first_seq as varchar) as owner_set,
        admin_id,
        team_id
    from int_assignment_spans
),

-- an event may change both
changes as (
    select
        conversation_id,
        first_seq,
        min(from_epoch) as from_epoch,
        max(state) as state,
        max(previous_state) as previous_state,
        -- a number of ten digits before what is set: the greatest is the last one
        max(cast(1000000000 + first_seq as varchar) || state) as state_set,
        max(owner_set || coalesce(admin_id, '')) as admin_set,
        max(owner_set || coalesce(team_id, '')) as team_set
    from beginnings
    group by conversation_id, first_seq
),

spans as (
    select
        conversation_id,
        first_seq,
        from_epoch,
        state,
        previous_state,
        max(state_set) over (
            partition by conversation_id order by first_seq rows between unbounded preceding and current row
        ) as state_set,
        max(admin_set) over (
            partition by conversation_id order by first_seq rows between unbounded preceding and current row
        ) as admin_set,
        max(team_set) over (
            partition by conversation_id order by first_seq rows between unbounded preceding and current row
        ) as team_set,
        lead(from_epoch) over (partition by conversation_id order by first_seq) as to_epoch
    from changes
)

select
    conversation_id,
    first_seq,  -- the event that began it
    substring(state_set, 11) as state,
    case when state is null then substring(state_set, 11) else previous_state end as previous_state,  -- NULL: the conversation begins here; equal to state when only the owner changed
    nullif(substring(admin_set, 11), '') as admin_id,
    nullif(substring(team_set, 11), '') as team_id,
    from_epoch,
    to_epoch  -- NULL: still going on
from spans
