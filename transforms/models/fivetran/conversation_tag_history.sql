-- One row per conversation and tag on it, as Fivetran shapes it.
select
    conversation_tags.conversation_id,
    conversation_tags.tag_id,
    to_timestamp(conversations.updated_at) as conversation_updated_at,
    true as _fivetran_active,
    to_timestamp(conversations.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.conversation_tags
inner join raw.conversations on conversation_tags.conversation_id = conversations.id
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversations.id = deleted_records.id
where deleted_records.id is null
