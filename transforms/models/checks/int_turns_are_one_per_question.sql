-- error: A turn is one per conversation and number, ends after it is asked, and before the next one is.
-- incremental: conversation_id
with

neighbours as (
    select
        conversation_id,
        turn,
        asked_at_epoch,
        ended_at_epoch,
        answered_at_epoch,
        outcome,
        lag(turn) over (partition by conversation_id order by turn) as previous_turn,
        lag(coalesce(ended_at_epoch, 253402300799)) over (partition by conversation_id order by turn)
            as previous_ended_at_epoch
    from int_turns
)

select conversation_id, turn
from neighbours
where
    turn <> coalesce(previous_turn, 0) + 1
    or asked_at_epoch is null
    or ended_at_epoch < asked_at_epoch
    or previous_ended_at_epoch > asked_at_epoch
    or (outcome = 'answered' and answered_at_epoch is null)
    or (outcome = 'waiting' and ended_at_epoch is not null)
    or (outcome = 'closed_unanswered' and (ended_at_epoch is null or answered_at_epoch is not null))
