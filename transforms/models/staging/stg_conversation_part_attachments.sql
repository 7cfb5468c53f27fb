-- One row per file attached to a part of a conversation.
select
    conversation_part_attachments.conversation_id,
    conversation_part_attachments.conversation_part_id as part_id,
    conversation_part_attachments.position,
    nullif(conversation_part_attachments.name, '') as name,
    nullif(conversation_part_attachments.content_type, '') as content_type,
    conversation_part_attachments.filesize as filesize_bytes
from raw.conversation_part_attachments
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversation_part_attachments.conversation_id = deleted_records.id
where deleted_records.id is null
