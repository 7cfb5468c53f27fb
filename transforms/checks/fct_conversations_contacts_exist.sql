-- warn: The contact of a conversation is loaded, unless Intercom has deleted or merged it.
select fct_conversations.conversation_id
from fct_conversations
left join stg_contacts on fct_conversations.contact_id = stg_contacts.contact_id
left join raw.deleted_records as gone
    on fct_conversations.contact_id = gone.id and gone.entity = 'contacts'
where
    fct_conversations.contact_id is not null
    and stg_contacts.contact_id is null
    and gone.id is null
