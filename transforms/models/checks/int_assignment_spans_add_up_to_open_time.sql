-- error: The open seconds of a conversation's owners are the seconds it was open.
-- incremental: conversation_id
with

by_owner as (
    select conversation_id, sum(open_seconds) as open_seconds
    from int_assignment_spans
    group by conversation_id
),

by_state as (
    select conversation_id, sum(case when state = 'open' then seconds else 0 end) as open_seconds
    from int_state_spans
    group by conversation_id
)

select by_owner.conversation_id, by_owner.open_seconds, by_state.open_seconds as seconds_in_open_state
from by_owner
inner join by_state on by_owner.conversation_id = by_state.conversation_id
where by_owner.open_seconds <> by_state.open_seconds
