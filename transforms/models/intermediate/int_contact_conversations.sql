-- One row per contact and conversation in which the contact, or one that was merged into it, takes part.
-- view: to write it takes longer than to read it twice
select
    coalesce(stg_merged_contacts.surviving_contact_id, stg_conversation_contacts.contact_id) as contact_id,
    stg_conversation_contacts.conversation_id
from stg_conversation_contacts
left join stg_merged_contacts on stg_conversation_contacts.contact_id = stg_merged_contacts.contact_id
union
select contact_id, conversation_id
from int_conversation_people
where contact_id is not null
