-- error: Every opening message and every part of a conversation is one event, and nothing else is but what is inferred, once.
-- incremental: conversation_id
with

expected as (
    select conversation_id, 'source' as event_id from stg_conversations
    union all
    select stg_conversation_parts.conversation_id, stg_conversation_parts.part_id as event_id
    from stg_conversation_parts
    inner join stg_conversations on stg_conversation_parts.conversation_id = stg_conversations.conversation_id
),

balance as (
    select conversation_id, event_id, 1 as expected, 0 as found, 0 as inferred from expected
    union all
    select
        conversation_id,
        event_id,
        0 as expected,
        case when is_inferred then 0 else 1 end as found,
        case when is_inferred then 1 else 0 end as inferred
    from int_events
)

select conversation_id, event_id
from balance
group by conversation_id, event_id
having sum(expected) <> sum(found) or sum(found) > 1 or sum(inferred) > 1 or sum(found) + sum(inferred) <> 1
