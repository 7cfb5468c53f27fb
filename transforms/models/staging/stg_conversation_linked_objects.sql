-- One row per conversation and ticket or conversation that is linked to it; both exist in Intercom.
select
    conversation_linked_objects.conversation_id,
    conversation_linked_objects.linked_object_id,
    nullif(conversation_linked_objects.type, '') as linked_object_type,
    nullif(conversation_linked_objects.category, '') as category
from raw.conversation_linked_objects
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversation_linked_objects.conversation_id = deleted_records.id
left join raw.deleted_records as deleted_objects
    on conversation_linked_objects.type || 's' = deleted_objects.entity and conversation_linked_objects.linked_object_id = deleted_objects.id
where deleted_records.id is null and deleted_objects.id is null
