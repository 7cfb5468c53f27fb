-- One row per stretch of time in which state, teammate and team of a conversation stay the same, without a gap.
-- incremental: conversation_id
with

-- a stretch in one state and one with one owner overlap in one, which begins with the later and ends with the earlier
spans as (
    select
        owners.conversation_id,
        case when states.first_seq > owners.first_seq then states.first_seq else owners.first_seq end as first_seq,
        case when states.first_seq > owners.first_seq then states.from_epoch else owners.from_epoch end as from_epoch,
        states.state,
        case when states.first_seq >= owners.first_seq then states.previous_state else states.state end as previous_state,
        owners.admin_id,
        owners.team_id,
        case when owners.first_seq >= states.first_seq then owners.previous_team_id else owners.team_id end
            as previous_team_id,
        case
            when states.next_seq is null then owners.to_epoch
            when owners.next_seq is null or states.next_seq < owners.next_seq then states.to_epoch
            else owners.to_epoch
        end as to_epoch
    from int_assignment_spans as owners
    inner join int_state_spans as states
        on owners.conversation_id = states.conversation_id
        and (states.next_seq is null or states.next_seq > owners.first_seq)
        and (owners.next_seq is null or owners.next_seq > states.first_seq)
)

select
    conversation_id,
    first_seq,  -- the event that began it
    state,
    previous_state,  -- NULL: the conversation begins here; equal to state when only the owner changed
    admin_id,
    team_id,
    previous_team_id,  -- equal to team_id when only the state or the teammate changed
    from_epoch,
    to_epoch  -- NULL: still going on
from spans
