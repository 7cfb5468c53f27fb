-- One row per conversation and ticket or conversation that is linked to it.
select
    conversation_linked_objects.conversation_id,
    conversation_linked_objects.linked_object_id,
    nullif(conversation_linked_objects.type, '') as linked_object_type,
    nullif(conversation_linked_objects.category, '') as category
from raw.conversation_linked_objects
where not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'conversations' and deleted_records.id = conversation_linked_objects.conversation_id
)
