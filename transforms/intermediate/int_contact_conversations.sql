-- One row per contact and conversation in which the contact takes part.
select contact_id, conversation_id
from stg_conversation_contacts
union
select contact_id, conversation_id
from int_conversation_people
where contact_id is not null
