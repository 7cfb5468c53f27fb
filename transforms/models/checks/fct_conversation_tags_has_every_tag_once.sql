-- error: fct_conversation_tags has one row for every conversation and tag on it.
-- incremental: conversation_id
with

balance as (
    select stg_conversation_tags.conversation_id, stg_conversation_tags.tag_id, 1 as expected, 0 as found
    from stg_conversation_tags
    inner join stg_conversations on stg_conversation_tags.conversation_id = stg_conversations.conversation_id
    union all
    select conversation_id, tag_id, 0 as expected, 1 as found from fct_conversation_tags
)

select conversation_id, tag_id
from balance
group by conversation_id, tag_id
having sum(expected) <> 1 or sum(found) <> 1
