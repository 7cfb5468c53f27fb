-- One row per contact and moment in which it began a conversation itself, not in answer to a campaign.
-- view: it is read once
-- Of all conversations, also where others are cut down to the changed ones.
select int_conversation_people.contact_id, stg_conversations.created_at_epoch
from stg_conversations
inner join int_conversation_people on stg_conversations.conversation_id = int_conversation_people.conversation_id
where
    int_conversation_people.contact_id is not null
    and stg_conversations.source_delivered_as = 'customer_initiated'
    -- some channels name no author
    and coalesce(stg_conversations.source_author_type, 'user') in ('user', 'lead', 'contact')
group by int_conversation_people.contact_id, stg_conversations.created_at_epoch
