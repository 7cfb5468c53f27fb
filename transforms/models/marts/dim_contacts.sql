-- One row per contact that exists in Intercom: who it is, its conversations, and its health.
-- question: Who wrote to us most, and did we hear of it in a rating?
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
),

-- here the health is read once: it is a query over all conversations; ClickHouse would take an alias `health` for the column
known as (
    select
        int_contact_health.*,
        stg_contacts.external_id,
        stg_contacts.role,
        stg_contacts.name,
        stg_contacts.email,
        stg_contacts.created_at,
        stg_contacts.last_contacted_at,
        stg_contacts.last_email_opened_at,
        stg_contacts.last_email_clicked_at,
        stg_contacts.is_unsubscribed_from_emails,
        stg_contacts.has_hard_bounced,
        case when last_rating <= 2 then '; last rating ' || cast(last_rating as varchar) else '' end
        || case
            when longest_wait_business_seconds > 28800 then '; waiting for more than 8 business hours' else ''
        end
        || case
            when count_asked_7_days >= 3
                then '; ' || cast(count_asked_7_days as varchar) || ' conversations in 7 days'
            else ''
        end as risks,
        -- who is new has not been quiet yet
        count_conversations_90_days = 0
        and coalesce(build_clock.now_epoch - stg_contacts.created_at_epoch > 7776000, true) as is_quiet
    from int_contact_health
    inner join stg_contacts on int_contact_health.contact_id = stg_contacts.contact_id
    cross join build_clock
)

select
    known.contact_id,  -- Intercom's id
    known.external_id,  -- the workspace's own id of the contact
    known.role,  -- user or lead
    known.name,  -- NULL: not known
    known.email,  -- NULL: not known
    known.created_at,  -- when Intercom first knew the contact
    coalesce(company_counts.count_companies, 0) as count_companies,  -- to which it belongs
    coalesce(company_lists.companies, company_counts.last_name) as companies,  -- names in alphabetical order, separated by ', '; of one without a name its id

    -- conversations in which the contact takes part
    known.count_conversations,  -- of every direction, in which the contact takes part, begun by whomever
    to_timestamp(known.first_conversation_at_epoch) as first_conversation_at,  -- when it began
    to_timestamp(known.last_conversation_at_epoch) as last_conversation_at,  -- when it began
    known.count_conversations_30_days,  -- begun in the last 30 days
    known.count_conversations_90_days,  -- begun in the last 90 days
    known.count_open_conversations,  -- open or snoozed now
    known.reopen_rate,  -- of the conversations whose first close is 7 days old: reopened within these; NULL: there is none
    known.median_first_response_seconds,  -- of the inbound ones with a reply, unless closed before it
    known.last_rating,  -- that the contact gave, 1 (worst) to 5; NULL: never rated
    known.longest_wait_business_seconds,  -- of the questions that wait now; NULL: none does

    -- email
    known.last_contacted_at,  -- by anything that was sent
    known.last_email_opened_at,  -- NULL: never
    known.last_email_clicked_at,  -- NULL: never
    coalesce(known.is_unsubscribed_from_emails, false) as is_unsubscribed_from_emails,  -- of all of them
    coalesce(known.has_hard_bounced, false) as has_hard_bounced,  -- the address does not exist

    case when known.risks <> '' then 'at_risk' when known.is_quiet then 'quiet' else 'healthy' end as health,  -- at_risk (see health_reasons), quiet (known for 90 days, and no conversation in these) or healthy
    case
        when known.risks <> '' then substring(known.risks, 3)
        when known.is_quiet then 'no conversation in 90 days'
    end as health_reasons  -- in words; of the conversations in 7 days, those in which a customer wrote; NULL: healthy
from known
left join company_counts on known.contact_id = company_counts.contact_id
left join company_lists on known.contact_id = company_lists.contact_id
