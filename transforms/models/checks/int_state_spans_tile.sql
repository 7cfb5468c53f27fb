-- error: The states of a conversation follow from its creation to now without a gap, each unlike the one before.
-- incremental: conversation_id
with

neighbours as (
    select
        conversation_id,
        span,
        state,
        from_epoch,
        to_epoch,
        seconds,
        lag(state) over (partition by conversation_id order by span) as previous_state,
        lag(to_epoch) over (partition by conversation_id order by span) as previous_to_epoch,
        lead(span) over (partition by conversation_id order by span) as next_span
    from int_state_spans
)

select neighbours.conversation_id, neighbours.span
from neighbours
inner join stg_conversations on neighbours.conversation_id = stg_conversations.conversation_id
where
    neighbours.seconds < 0
    or (neighbours.span = 1 and neighbours.from_epoch <> stg_conversations.created_at_epoch)
    or (neighbours.span > 1 and neighbours.from_epoch <> coalesce(neighbours.previous_to_epoch, -1))
    or neighbours.state = neighbours.previous_state
    or (neighbours.next_span is null and neighbours.to_epoch is not null)
    or (neighbours.next_span is not null and neighbours.to_epoch is null)
