-- One row per conversation and contact that takes part in it, as Fivetran shapes it.
select
    conversation_contacts.conversation_id,
    conversation_contacts.contact_id,
    to_timestamp(conversations.updated_at) as conversation_updated_at,
    true as _fivetran_active,
    to_timestamp(conversations.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.conversation_contacts
inner join raw.conversations on conversation_contacts.conversation_id = conversations.id
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversations.id = deleted_records.id
where deleted_records.id is null
