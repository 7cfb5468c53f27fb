-- One row per contact that exists in Intercom: who it is, what it asked, and whether it is well.
with

company_lists as (
    select
        stg_contact_companies.contact_id,
        count(*) as count_companies,
        string_agg(coalesce(stg_companies.name, stg_contact_companies.company_id), ', '
            order by coalesce(stg_companies.name, stg_contact_companies.company_id)) as companies
    from stg_contact_companies
    left join stg_companies on stg_contact_companies.company_id = stg_companies.company_id
    group by stg_contact_companies.contact_id
),

reasons as (
    select
        contact_id,
        case when last_rating <= 2 then '; last rating ' || cast(last_rating as varchar) else '' end
        || case
            when longest_wait_business_seconds > 28800 then '; waiting for more than 8 business hours' else ''
        end
        || case
            when count_conversations_7_days >= 3
                then '; ' || cast(count_conversations_7_days as varchar) || ' conversations in 7 days'
            else ''
        end as risks,
        count_conversations_90_days = 0 as is_quiet
    from int_contact_health
)

select
    stg_contacts.contact_id,
    stg_contacts.external_id,
    stg_contacts.role,  -- user or lead
    stg_contacts.name,
    stg_contacts.email,
    stg_contacts.created_at,
    coalesce(company_lists.count_companies, 0) as count_companies,
    company_lists.companies,  -- names in alphabetical order, separated by ', '

    -- conversations in which the contact takes part
    health.count_conversations,
    to_timestamp(health.first_conversation_at_epoch) as first_conversation_at,
    to_timestamp(health.last_conversation_at_epoch) as last_conversation_at,
    health.count_conversations_30_days,  -- begun in the last 30 days
    health.count_conversations_90_days,
    health.count_open_conversations,  -- open or snoozed now
    health.reopen_rate,  -- of the conversations ever closed: reopened; NULL: none was closed
    health.median_first_response_seconds,  -- of the conversations that a customer began
    health.last_rating,
    health.longest_wait_business_seconds,  -- of the questions that wait now; NULL: none does

    -- email
    stg_contacts.last_contacted_at,
    stg_contacts.last_email_opened_at,
    stg_contacts.last_email_clicked_at,
    coalesce(stg_contacts.is_unsubscribed_from_emails, false) as is_unsubscribed_from_emails,
    coalesce(stg_contacts.has_hard_bounced, false) as has_hard_bounced,

    case when reasons.risks <> '' then 'at_risk' when reasons.is_quiet then 'quiet' else 'healthy' end as health,
    case
        when reasons.risks <> '' then substring(reasons.risks, 3)
        when reasons.is_quiet then 'no conversation in 90 days'
    end as health_reasons  -- in words; NULL: healthy
from stg_contacts
inner join int_contact_health as health on stg_contacts.contact_id = health.contact_id
inner join reasons on stg_contacts.contact_id = reasons.contact_id
left join company_lists on stg_contacts.contact_id = company_lists.contact_id
