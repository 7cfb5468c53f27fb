-- One row per conversation: the contact it is with, and that contact's company.
-- incremental: conversation_id
with

first_contacts as (
    -- contact ids begin with the time of their creation: the least one is the oldest contact
    select conversation_id, min(contact_id) as contact_id
    from stg_conversation_contacts
    group by conversation_id
),

only_companies as (
    select contact_id, min(company_id) as company_id
    from stg_contact_companies
    group by contact_id
    having count(*) = 1
),

named_contacts as (
    select
        stg_conversations.conversation_id,
        case
            when stg_conversations.source_author_type in ('user', 'lead', 'contact')
                then coalesce(stg_conversations.source_author_id, first_contacts.contact_id)
            else first_contacts.contact_id
        end as contact_id
    from stg_conversations
    left join first_contacts on stg_conversations.conversation_id = first_contacts.conversation_id
),

contacts as (
    select
        named_contacts.conversation_id,
        coalesce(stg_merged_contacts.surviving_contact_id, named_contacts.contact_id) as contact_id
    from named_contacts
    left join stg_merged_contacts on named_contacts.contact_id = stg_merged_contacts.contact_id
)

select
    contacts.conversation_id,
    contacts.contact_id,  -- who wrote the opening message, else the first contact; merged ones are the one they became
    only_companies.company_id  -- NULL when the contact belongs to no company or to several
from contacts
left join only_companies on contacts.contact_id = only_companies.contact_id
