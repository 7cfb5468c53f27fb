-- One row per contact that exists in Intercom: who it is, its conversations, and its health.
-- question: Who writes to us most, and how did they rate us last?
with

company_names as (
    select
        stg_contact_companies.contact_id,
        coalesce(stg_companies.name, stg_contact_companies.company_id) as name
    from stg_contact_companies
    left join stg_companies on stg_contact_companies.company_id = stg_companies.company_id
),

company_counts as (
    select contact_id, count(*) as count_companies, max(name) as last_name
    from company_names
    group by contact_id
),

-- most have one company at most, and to sort a list of one for each of them takes its time
company_lists as (
    select
        company_names.contact_id,
        string_agg(company_names.name, ', ' order by company_names.name) as companies
    from company_names
    inner join company_counts on company_names.contact_id = company_counts.contact_id
    where company_counts.count_companies > 1
    group by company_names.contact_id
)

select
    stg_contacts.contact_id,  -- Intercom's id
    stg_contacts.external_id,  -- the workspace's own id of the contact
    stg_contacts.role,  -- user or lead
    stg_contacts.name,  -- NULL: not known
    stg_contacts.email,  -- NULL: not known
    stg_contacts.created_at,  -- when Intercom first knew the contact
    coalesce(company_counts.count_companies, 0) as count_companies,  -- to which it belongs
    coalesce(company_lists.companies, company_counts.last_name) as companies,  -- names in alphabetical order, separated by ', '; of one without a name its id

    -- conversations in which the contact takes part
    int_contact_health.count_conversations,  -- of every direction, in which the contact takes part, begun by whomever
    to_timestamp(int_contact_health.first_conversation_at_epoch) as first_conversation_at,  -- when it began
    to_timestamp(int_contact_health.last_conversation_at_epoch) as last_conversation_at,  -- when it began
    int_contact_health.count_conversations_30_days,  -- begun in the last 30 days
    int_contact_health.count_conversations_90_days,  -- begun in the last 90 days
    int_contact_health.count_open_conversations,  -- open or snoozed now
    int_contact_health.reopen_rate,  -- of the conversations whose first close is 7 days old: reopened within these; NULL: there is none
    int_contact_health.median_first_response_seconds,  -- of the inbound ones with a reply, unless closed before it
    int_contact_health.last_rating,  -- that the contact gave, 1 (worst) to 5; NULL: never rated
    int_contact_health.longest_wait_business_seconds,  -- of the questions that wait now; NULL: none does, or it is not known (parts are missing)

    -- email
    stg_contacts.last_contacted_at,  -- by anything that was sent
    stg_contacts.last_email_opened_at,  -- NULL: never
    stg_contacts.last_email_clicked_at,  -- NULL: never
    coalesce(stg_contacts.is_unsubscribed_from_emails, false) as is_unsubscribed_from_emails,  -- of all of them
    coalesce(stg_contacts.has_hard_bounced, false) as has_hard_bounced,  -- the address does not exist

    int_contact_health.health,  -- at_risk (see health_reasons), quiet (known for 90 days, and no conversation in these) or healthy
    int_contact_health.health_reasons  -- in words; of the conversations in 7 days, those in which a customer wrote; NULL: healthy
from stg_contacts
inner join int_contact_health on stg_contacts.contact_id = int_contact_health.contact_id
left join company_counts on stg_contacts.contact_id = company_counts.contact_id
left join company_lists on stg_contacts.contact_id = company_lists.contact_id
