-- One row per conversation in the models: what its rows were made from, and whether they change no more by themselves.
-- incremental: conversation_id
with

closed_last as (
    select conversation_id
    from int_state_spans
    where to_epoch is null and state = 'closed'
)

select
    conversation_versions.conversation_id,
    conversation_versions.contact_id,
    case when fct_conversations.direction = 'inbound' then fct_conversations.asked_at_epoch end as asked_at_epoch,
    fct_conversations.last_close_at_epoch,
    conversation_versions.version,
    -- all that happened is in the past and nothing goes on; 7 days later it is known whether the contact came back
    fct_conversations.is_closed
    and closed_last.conversation_id is not null
    and int_conversation_rollup.last_event_at_epoch <= build_clock.now_epoch
    and coalesce(fct_conversations.last_close_at_epoch + 604800, 0) <= build_clock.now_epoch
    and coalesce(fct_conversations.rated_at_epoch, 0) <= build_clock.now_epoch as is_settled,
    build_clock.now_epoch as built_at_epoch
from conversation_versions
cross join build_clock
inner join fct_conversations on conversation_versions.conversation_id = fct_conversations.conversation_id
inner join int_conversation_rollup
    on conversation_versions.conversation_id = int_conversation_rollup.conversation_id
left join closed_last on conversation_versions.conversation_id = closed_last.conversation_id
