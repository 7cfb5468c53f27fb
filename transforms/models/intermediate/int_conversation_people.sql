-- One row per conversation: the contact it is with, that contact's company, and whether we began it or the customer, or a workflow.
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

bots as (
    select staff_id from int_staff where is_bot
),

named_contacts as (
    select
        stg_conversations.conversation_id,
        case
            when stg_conversations.source_author_type in ('user', 'lead', 'contact')
                then coalesce(stg_conversations.source_author_id, first_contacts.contact_id)
            else first_contacts.contact_id
        end as contact_id,
        -- a workflow's messages are delivered as automated, and those of a Series, which a teammate sends: the author tells
        case
            when stg_conversations.source_delivered_as in ('customer_initiated', 'operator_initiated') then false
            when stg_conversations.source_delivered_as in ('admin_initiated', 'campaigns_initiated') then true
            else coalesce(stg_conversations.source_author_type in ('admin', 'team'), false) and bots.staff_id is null
        end as is_begun_by_us
    from stg_conversations
    left join first_contacts on stg_conversations.conversation_id = first_contacts.conversation_id
    left join bots on stg_conversations.source_author_id = bots.staff_id
),

contacts as (
    select
        named_contacts.conversation_id,
        named_contacts.is_begun_by_us,
        coalesce(stg_merged_contacts.surviving_contact_id, named_contacts.contact_id) as contact_id
    from named_contacts
    left join stg_merged_contacts on named_contacts.contact_id = stg_merged_contacts.contact_id
)

select
    contacts.conversation_id,
    contacts.contact_id,  -- who wrote the opening message, else the first contact; merged ones are the one they became
    only_companies.company_id,  -- NULL when the contact belongs to no company or to several
    contacts.is_begun_by_us  -- by a teammate, a campaign or a Series; false: by the customer, a workflow or a bot
from contacts
left join only_companies on contacts.contact_id = only_companies.contact_id
