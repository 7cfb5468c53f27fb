-- error: Every opening message and every part of a conversation that has a time is one event, and nothing else is but what is inferred, once.
-- incremental: conversation_id
with

part_counts as (
    select conversation_id, count(*) as count_parts
    from stg_conversation_parts
    where created_at_epoch is not null
    group by conversation_id
),

-- as many pairs as parts, and as many as events: to group by conversation costs less than by event
pair_counts as (
    select
        stg_conversation_parts.conversation_id,
        count(*) as count_pairs,
        count(int_events.event_id) as count_found
    from stg_conversation_parts
    left join int_events
        on stg_conversation_parts.conversation_id = int_events.conversation_id
        and stg_conversation_parts.part_id = int_events.event_id
        and not int_events.is_inferred
    where stg_conversation_parts.created_at_epoch is not null
    group by stg_conversation_parts.conversation_id
),

event_counts as (
    select
        conversation_id,
        sum(case when event_id = 'source' and not is_inferred then 1 else 0 end) as count_opening_messages,
        sum(case when is_inferred then 0 else 1 end) as count_messages,
        sum(case when is_inferred then 1 else 0 end) as count_inferred,
        max(case when is_inferred and event_id = 'first_close' then 1 else 0 end)
        + max(case when is_inferred and event_id = 'last_close' then 1 else 0 end)
        + max(case when is_inferred and event_id = 'state' then 1 else 0 end)
        + max(case when is_inferred and event_id = 'owner' then 1 else 0 end) as count_kinds_inferred
    from int_events
    group by conversation_id
)

select coalesce(stg_conversations.conversation_id, event_counts.conversation_id) as conversation_id
from stg_conversations
full outer join event_counts on stg_conversations.conversation_id = event_counts.conversation_id
left join part_counts on stg_conversations.conversation_id = part_counts.conversation_id
left join pair_counts on stg_conversations.conversation_id = pair_counts.conversation_id
where
    stg_conversations.conversation_id is null
    or coalesce(event_counts.count_opening_messages, 0) <> 1
    or event_counts.count_messages <> 1 + coalesce(part_counts.count_parts, 0)
    or event_counts.count_inferred <> event_counts.count_kinds_inferred
    or pair_counts.count_pairs <> part_counts.count_parts
    or pair_counts.count_found <> part_counts.count_parts
