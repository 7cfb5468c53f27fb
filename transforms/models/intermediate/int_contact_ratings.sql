-- One row per contact and conversation of which the contact gave the rating, or may have, where Intercom does not say who did.
-- ephemeral: two models read it, each the last one of its own
with

raters as (
    select stg_conversations.conversation_id, int_contact_conversations.contact_id
    from stg_conversations
    left join stg_merged_contacts on stg_conversations.rating_contact_id = stg_merged_contacts.contact_id
    inner join int_contact_conversations
        on stg_conversations.conversation_id = int_contact_conversations.conversation_id
        and coalesce(stg_merged_contacts.surviving_contact_id, stg_conversations.rating_contact_id)
        = int_contact_conversations.contact_id
    where stg_conversations.rating is not null
)

select
    int_contact_conversations.contact_id,
    fct_conversations.conversation_id,
    fct_conversations.rating,
    fct_conversations.rated_at_epoch
from int_contact_conversations
inner join fct_conversations on int_contact_conversations.conversation_id = fct_conversations.conversation_id
left join raters on int_contact_conversations.conversation_id = raters.conversation_id
where
    fct_conversations.rating is not null
    and (raters.contact_id is null or raters.contact_id = int_contact_conversations.contact_id)
