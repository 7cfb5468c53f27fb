-- One row per conversation and tag on it.
select
    conversation_tags.conversation_id,
    conversation_tags.tag_id,
    nullif(conversation_tags.name, '') as tag_name,
    conversation_tags.applied_at as applied_at_epoch,
    to_timestamp(conversation_tags.applied_at) as applied_at,
    nullif(conversation_tags.applied_by__type, '') as applied_by_type,
    nullif(conversation_tags.applied_by__id, '') as applied_by_id
from raw.conversation_tags
where not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'conversations' and deleted_records.id = conversation_tags.conversation_id
)
