-- error: The owners of a conversation follow from its creation to now without a gap, each unlike the one before.
-- incremental: conversation_id
with

neighbours as (
    select
        conversation_id,
        span,
        coalesce(admin_id, '') as admin_id,
        coalesce(team_id, '') as team_id,
        from_epoch,
        to_epoch,
        open_seconds,
        lag(coalesce(admin_id, '')) over (partition by conversation_id order by span) as previous_admin_id,
        lag(coalesce(team_id, '')) over (partition by conversation_id order by span) as previous_team_id,
        lag(to_epoch) over (partition by conversation_id order by span) as previous_to_epoch,
        lead(span) over (partition by conversation_id order by span) as next_span
    from int_assignment_spans
)

select neighbours.conversation_id, neighbours.span
from neighbours
inner join stg_conversations on neighbours.conversation_id = stg_conversations.conversation_id
where
    neighbours.open_seconds < 0
    or neighbours.open_seconds > neighbours.to_epoch - neighbours.from_epoch
    or (neighbours.span = 1 and neighbours.from_epoch <> stg_conversations.created_at_epoch)
    or (neighbours.span > 1 and neighbours.from_epoch <> coalesce(neighbours.previous_to_epoch, -1))
    or (neighbours.admin_id = neighbours.previous_admin_id and neighbours.team_id = neighbours.previous_team_id)
    or (neighbours.next_span is null and neighbours.to_epoch is not null)
    or (neighbours.next_span is not null and neighbours.to_epoch is null)
