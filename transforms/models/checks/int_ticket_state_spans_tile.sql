-- error: The states of a ticket follow from its beginning to now without a gap.
with

neighbours as (
    select
        ticket_id,
        span,
        from_epoch,
        to_epoch,
        seconds,
        lag(to_epoch) over (partition by ticket_id order by span) as previous_to_epoch,
        lead(span) over (partition by ticket_id order by span) as next_span
    from int_ticket_state_spans
)

select neighbours.ticket_id, neighbours.span
from neighbours
inner join int_ticket_beginnings on neighbours.ticket_id = int_ticket_beginnings.ticket_id
where
    neighbours.seconds < 0
    or (neighbours.span = 1 and neighbours.from_epoch <> int_ticket_beginnings.begun_at_epoch)
    or (neighbours.span > 1 and neighbours.from_epoch <> coalesce(neighbours.previous_to_epoch, -1))
    or (neighbours.next_span is null and neighbours.to_epoch is not null)
