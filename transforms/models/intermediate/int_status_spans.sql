-- One row per stretch of time in which state, teammate and team of a conversation stay the same, without a gap.
-- incremental: conversation_id
with

changes as (
    select conversation_id, first_seq, from_epoch from int_state_spans
    union
    select conversation_id, first_seq, from_epoch from int_assignment_spans
),

states as (
    select
        conversation_id,
        state,
        previous_state,
        first_seq,
        lead(first_seq) over (partition by conversation_id order by first_seq) as next_seq
    from int_state_spans
),

owners as (
    select
        conversation_id,
        admin_id,
        team_id,
        first_seq,
        lead(first_seq) over (partition by conversation_id order by first_seq) as next_seq
    from int_assignment_spans
),

spans as (
    select
        changes.conversation_id,
        changes.first_seq,
        changes.from_epoch,
        states.state,
        case when changes.first_seq = states.first_seq then states.previous_state else states.state end as previous_state,
        owners.admin_id,
        owners.team_id
    from changes
    inner join states
        on changes.conversation_id = states.conversation_id
        and changes.first_seq >= states.first_seq
        and (states.next_seq is null or changes.first_seq < states.next_seq)
    inner join owners
        on changes.conversation_id = owners.conversation_id
        and changes.first_seq >= owners.first_seq
        and (owners.next_seq is null or changes.first_seq < owners.next_seq)
)

select
    conversation_id,
    first_seq,  -- the event that began it
    state,
    previous_state,  -- NULL: the conversation begins here; equal to state when only the owner changed
    admin_id,
    team_id,
    from_epoch,
    lead(from_epoch) over (partition by conversation_id order by first_seq) as to_epoch  -- NULL: still going on
from spans
