-- One row per part of a conversation: a message, a note, or something done to the conversation.
select
    conversation_parts.conversation_id,
    conversation_parts.id as part_id,
    nullif(conversation_parts.part_type, '') as part_type,
    nullif(conversation_parts.body, '') as body,
    conversation_parts.redacted as is_redacted,
    -- where Intercom sent no number of seconds: when it last changed
    coalesce(conversation_parts.created_at, conversation_parts.updated_at) as created_at_epoch,
    to_timestamp(coalesce(conversation_parts.created_at, conversation_parts.updated_at)) as created_at,
    conversation_parts.updated_at as updated_at_epoch,
    to_timestamp(conversation_parts.updated_at) as updated_at,
    nullif(conversation_parts.author__type, '') as author_type,
    nullif(nullif(conversation_parts.author__id, ''), '0') as author_id,
    nullif(conversation_parts.author__name, '') as author_name,
    nullif(conversation_parts.author__email, '') as author_email,
    nullif(conversation_parts.assigned_to__type, '') as assigned_to_type,
    nullif(nullif(conversation_parts.assigned_to__id, ''), '0') as assigned_to_id,
    conversation_parts._dlt_load_id as load_id  -- the load that wrote the row
from raw.conversation_parts
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversation_parts.conversation_id = deleted_records.id
where deleted_records.id is null
