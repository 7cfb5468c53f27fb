-- One row per inbound conversation of a contact: the moment in which the customer began it, whoever greeted first.
-- view: it is read once
-- Of all conversations, also where others are cut down to the changed ones, as what has a conversation_id is.
select
    responses.conversation_id as begun_conversation_id,
    people.contact_id,
    responses.asked_at_epoch
from int_first_responses as responses
inner join int_conversation_people as people on responses.conversation_id = people.conversation_id
where responses.is_inbound and people.contact_id is not null
