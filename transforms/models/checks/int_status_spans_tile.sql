-- error: The stretches of one state, teammate and team follow without a gap.
-- incremental: conversation_id
with

neighbours as (
    select
        conversation_id,
        first_seq,
        from_epoch,
        to_epoch,
        lag(to_epoch) over (partition by conversation_id order by first_seq) as previous_to_epoch
    from int_status_spans
)

select conversation_id, first_seq
from neighbours
where
    (first_seq > 0 and from_epoch <> coalesce(previous_to_epoch, -1))
    or to_epoch < from_epoch
