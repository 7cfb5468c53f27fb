-- One row per stretch of time in which state, teammate and team of a conversation stay the same, without a gap.
-- A conversation that began closed begins with what first opened it; one that nothing has opened has no row.
-- The API shows the newest 500 parts. A conversation of more begins with the first part that is loaded; where loaded parts set
-- its state, teammate or team, with the first one after which all three are known. Where Intercom only counts one part more than
-- it shows, no older one is missing. A conversation without any loaded part begins with its opening message, and its own fields are all
-- that is known of it.
-- incremental: conversation_id
with

loaded_parts as (
    select int_events.*, int_events.kind in ('reopen', 'unsnooze') as is_opening
    from int_events
    inner join qa_conversation_completeness as completeness
        on int_events.conversation_id = completeness.conversation_id
    where completeness.is_truncated_at_500 and int_events.seq > 0 and not int_events.is_inferred
),

-- what the first part that opens, closes or snoozes it does says what it was before; a team takes the teammate away
first_parts as (
    select
        conversation_id,
        min(seq) as seq,
        coalesce(min(case when sets_team then seq end), min(case when sets_teammate then seq end)) as owner_seq,
        min(case when is_opening then seq end) as opening_seq,
        min(case when is_opening or kind in ('close', 'snooze') or is_customer_message then seq end) as state_seq
    from loaded_parts
    group by conversation_id
),

first_seqs as (
    select
        conversation_id,
        case
            when opening_seq = state_seq and opening_seq > coalesce(owner_seq, 0) then opening_seq
            else coalesce(owner_seq, seq)
        end as seq
    from first_parts
),

beginnings as (
    select loaded_parts.conversation_id, loaded_parts.seq, loaded_parts.at_epoch
    from loaded_parts
    inner join first_seqs
        on loaded_parts.conversation_id = first_seqs.conversation_id and loaded_parts.seq = first_seqs.seq
),

-- a stretch in one state and one with one owner overlap in one, which begins with the later and ends with the earlier
spans as (
    select
        owners.conversation_id,
        case when states.first_seq > owners.first_seq then states.first_seq else owners.first_seq end as first_seq,
        case when states.first_seq > owners.first_seq then states.from_epoch else owners.from_epoch end as from_epoch,
        states.state,
        case
            when states.first_seq < owners.first_seq then states.state
            when not states.is_first_opening then states.previous_state
        end as previous_state,
        owners.admin_id,
        owners.team_id,
        case
            when owners.first_seq > states.first_seq then owners.previous_team_id
            when states.is_first_opening then null
            when owners.first_seq = states.first_seq then owners.previous_team_id
            else owners.team_id
        end as previous_team_id,
        case
            when states.next_seq is null then owners.to_epoch
            when owners.next_seq is null or states.next_seq < owners.next_seq then states.to_epoch
            else owners.to_epoch
        end as to_epoch,
        case
            when states.next_seq is null then owners.next_seq
            when owners.next_seq is null or states.next_seq < owners.next_seq then states.next_seq
            else owners.next_seq
        end as next_seq
    from int_assignment_spans as owners
    inner join int_state_spans as states
        on owners.conversation_id = states.conversation_id
        and (states.next_seq is null or states.next_seq > owners.first_seq)
        and (owners.next_seq is null or owners.next_seq > states.first_seq)
    where states.first_seq > 0 or states.state <> 'closed'
)

select
    spans.conversation_id,
    case
        when beginnings.seq > spans.first_seq then beginnings.seq
        else spans.first_seq
    end as first_seq,  -- the event that began it
    spans.state,
    case
        when beginnings.seq >= spans.first_seq then null
        else spans.previous_state
    end as previous_state,  -- NULL: the conversation begins here; equal to state when only the owner changed
    spans.admin_id,
    spans.team_id,
    case
        when beginnings.seq >= spans.first_seq then null
        else spans.previous_team_id
    end as previous_team_id,  -- equal to team_id when only the state or the teammate changed
    case when beginnings.seq > spans.first_seq then beginnings.at_epoch else spans.from_epoch end as from_epoch,
    spans.to_epoch  -- NULL: still going on
from spans
left join beginnings on spans.conversation_id = beginnings.conversation_id
where beginnings.seq is null or spans.next_seq is null or spans.next_seq > beginnings.seq
