-- One row per conversation and tag that is on it now, with the name that the tag has now.
-- view: it only joins names to a short table
-- incremental: conversation_id
select
    stg_conversation_tags.conversation_id,
    stg_conversation_tags.tag_id,
    -- a conversation keeps the names that were true when it was read, and is not read again for a rename
    coalesce(stg_tags.name, stg_conversation_tags.tag_name) as tag_name,
    stg_conversation_tags.applied_at,
    stg_conversation_tags.applied_by_type,
    stg_conversation_tags.applied_by_id,
    stg_conversation_tags.load_id
from stg_conversation_tags
left join stg_tags on stg_conversation_tags.tag_id = stg_tags.tag_id
