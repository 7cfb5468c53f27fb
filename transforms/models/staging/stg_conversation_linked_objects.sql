-- One row per conversation and ticket or conversation that is linked to it.
select
    conversation_linked_objects.conversation_id,
    conversation_linked_objects.linked_object_id,
    nullif(conversation_linked_objects.type, '') as linked_object_type,
    nullif(conversation_linked_objects.category, '') as category
from raw.conversation_linked_objects
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversation_linked_objects.conversation_id = deleted_records.id
where deleted_records.id is null
