-- error: The stretches of one state, teammate and team follow without a gap.
-- incremental: conversation_id
with

neighbours as (
    select
        conversation_id,
        first_seq,
        from_epoch,
        to_epoch,
        previous_state,
        lag(first_seq) over (partition by conversation_id order by first_seq) as previous_first_seq,
        lag(to_epoch) over (partition by conversation_id order by first_seq) as previous_to_epoch
    from int_status_spans
)

select conversation_id, first_seq
from neighbours
where
    (previous_first_seq is null and previous_state is not null)
    or (previous_first_seq is not null and previous_state is null)
    or (previous_first_seq is not null and from_epoch <> coalesce(previous_to_epoch, -1))
    or to_epoch < from_epoch
