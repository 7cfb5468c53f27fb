-- error: Within a conversation, events are numbered from 0 without a gap and never go back in time.
-- incremental: conversation_id
with

neighbours as (
    select
        conversation_id,
        seq,
        at_epoch,
        lag(seq) over (partition by conversation_id order by seq) as previous_seq,
        lag(at_epoch) over (partition by conversation_id order by seq) as previous_at_epoch
    from int_events
)

select conversation_id, seq
from neighbours
where
    seq <> coalesce(previous_seq + 1, 0)
    or at_epoch < previous_at_epoch
