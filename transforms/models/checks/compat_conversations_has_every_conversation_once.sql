-- error: compat_conversations has one row for every conversation.
-- incremental: conversation_id
with

balance as (
    select conversation_id, 1 as expected, 0 as found from stg_conversations
    union all
    select conversation_id, 0 as expected, 1 as found from compat_conversations
)

select conversation_id
from balance
group by conversation_id
having sum(expected) <> 1 or sum(found) <> 1
