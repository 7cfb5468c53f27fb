-- warn: The contact of a conversation is loaded, unless Intercom has deleted or merged it, or it was forgotten.
select fct_conversations.conversation_id
from fct_conversations
left join stg_contacts on fct_conversations.contact_id = stg_contacts.contact_id
left join raw.deleted_records as gone
    on fct_conversations.contact_id = gone.id and gone.entity = 'contacts'
left join raw.forgotten_records as forgotten
    on fct_conversations.contact_id = forgotten.id and forgotten.entity = 'contacts'
where
    fct_conversations.contact_id is not null
    and stg_contacts.contact_id is null
    and gone.id is null
    and forgotten.id is null
