-- One row per conversation and tag on it.
select
    conversation_tags.conversation_id,
    conversation_tags.tag_id,
    nullif(conversation_tags.name, '') as tag_name,
    conversation_tags.applied_at as applied_at_epoch,
    to_timestamp(conversation_tags.applied_at) as applied_at,
    nullif(conversation_tags.applied_by__type, '') as applied_by_type,
    nullif(nullif(conversation_tags.applied_by__id, ''), '0') as applied_by_id,
    conversation_tags._dlt_load_id as load_id  -- the load that wrote the row
from raw.conversation_tags
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversation_tags.conversation_id = deleted_records.id
where deleted_records.id is null
