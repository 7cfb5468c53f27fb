-- One row per part of a conversation that exists in Intercom, as Fivetran shapes it.
select
    conversation_parts.id,
    conversation_parts.conversation_id,
    to_timestamp(conversations.updated_at) as conversation_updated_at,
    nullif(conversation_parts.part_type, '') as part_type,
    nullif(conversation_parts.body, '') as body,
    nullif(conversation_parts.author__id, '') as author_id,
    nullif(conversation_parts.author__type, '') as author_type,
    nullif(nullif(conversation_parts.assigned_to__id, ''), '0') as assigned_to_id,
    nullif(conversation_parts.assigned_to__type, '') as assigned_to_type,
    to_timestamp(conversation_parts.created_at) as created_at,
    to_timestamp(conversation_parts.updated_at) as updated_at,
    true as _fivetran_active,
    to_timestamp(conversations.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.conversation_parts
inner join raw.conversations on conversation_parts.conversation_id = conversations.id
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversations.id = deleted_records.id
where deleted_records.id is null
