-- One row per conversation and contact that takes part in it; the contact itself may be gone from Intercom.
select
    conversation_contacts.conversation_id,
    conversation_contacts.contact_id,
    nullif(conversation_contacts.external_id, '') as external_id
from raw.conversation_contacts
where not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'conversations' and deleted_records.id = conversation_contacts.conversation_id
)
