-- One row per conversation and contact that takes part in it; the contact itself may be gone from Intercom.
select
    conversation_contacts.conversation_id,
    conversation_contacts.contact_id,
    nullif(conversation_contacts.external_id, '') as external_id
from raw.conversation_contacts
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversation_contacts.conversation_id = deleted_records.id
where deleted_records.id is null
