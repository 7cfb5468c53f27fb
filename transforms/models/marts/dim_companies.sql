-- One row per company that exists in Intercom: its people's conversations, each counted once, and its health.
-- question: Which companies are at risk, and how much do they spend?
with

company_conversations as (
    select distinct stg_contact_companies.company_id, int_contact_conversations.conversation_id
    from stg_contact_companies
    inner join int_contact_conversations
        on stg_contact_companies.contact_id = int_contact_conversations.contact_id
),

conversations as (
    select
        company_conversations.company_id,
        fct_conversations.conversation_id,
        coalesce(fct_conversations.state in ('open', 'snoozed'), false) as is_open,
        fct_conversations.direction,
        fct_conversations.created_at_epoch,
        build_clock.now_epoch - fct_conversations.created_at_epoch as age_seconds,
        fct_conversations.rating,
        fct_conversations.sla_status,
        fct_conversations.waiting_business_seconds
    from company_conversations
    inner join fct_conversations on company_conversations.conversation_id = fct_conversations.conversation_id
    cross join build_clock
),

totals as (
    select
        company_id,
        count(*) as count_conversations,
        cast(
            sum(case when age_seconds <= 604800 and direction <> 'outbound' then 1 else 0 end) as bigint
        ) as count_asked_7_days,  -- a customer wrote: what we sent and nobody answered is no trouble
        sum(case when age_seconds <= 7776000 then 1 else 0 end) as count_conversations_90_days,
        sum(case when is_open then 1 else 0 end) as count_open_conversations,
        min(case when is_open then created_at_epoch end) as oldest_open_at_epoch,
        count(rating) as count_ratings,
        sum(case when rating >= 4 then 1 else 0 end) as count_positive_ratings,
        sum(case when sla_status = 'hit' then 1 else 0 end) as count_sla_hit,
        sum(case when sla_status in ('hit', 'missed') then 1 else 0 end) as count_sla_decided,
        max(waiting_business_seconds) as longest_wait_business_seconds
    from conversations
    group by company_id
),

-- that its own people gave: another company's may take part in the conversation
ratings as (
    select
        stg_contact_companies.company_id,
        int_contact_ratings.rating,
        row_number() over (
            partition by stg_contact_companies.company_id
            order by int_contact_ratings.rated_at_epoch desc, int_contact_ratings.conversation_id
        ) as place
    from stg_contact_companies
    inner join int_contact_ratings on stg_contact_companies.contact_id = int_contact_ratings.contact_id
),

contact_counts as (
    select company_id, count(*) as count_contacts
    from stg_contact_companies
    group by company_id
),

reasons as (
    select
        stg_companies.company_id,
        case when ratings.rating <= 2 then '; last rating ' || cast(ratings.rating as varchar) else '' end
        || case
            when totals.longest_wait_business_seconds > 28800 then '; waiting for more than 8 business hours' else ''
        end
        || case
            when totals.count_asked_7_days >= 3
                then '; ' || cast(totals.count_asked_7_days as varchar) || ' conversations in 7 days'
            else ''
        end as risks,
        -- who is new has not been quiet yet
        coalesce(totals.count_conversations_90_days, 0) = 0
        and coalesce(build_clock.now_epoch - stg_companies.created_at_epoch > 7776000, true) as is_quiet
    from stg_companies
    cross join build_clock
    left join totals on stg_companies.company_id = totals.company_id
    left join ratings on stg_companies.company_id = ratings.company_id and ratings.place = 1
)

select
    stg_companies.company_id,  -- Intercom's id
    stg_companies.external_company_id,  -- the workspace's own id of the company
    stg_companies.name,  -- NULL: not known
    stg_companies.plan_name,  -- the plan that it has bought
    stg_companies.industry,  -- as the workspace has set it
    stg_companies.monthly_spend,  -- as the workspace has set it
    stg_companies.count_employees,  -- its size as the workspace has set it
    stg_companies.count_users,  -- as Intercom counts them
    coalesce(contact_counts.count_contacts, 0) as count_contacts,  -- that are loaded and exist
    -- conversations of all its contacts, also of those who belong to other companies, too: each once, but in each of these companies
    coalesce(totals.count_conversations, 0) as count_contact_conversations,  -- also of contacts with several companies, so more than fct_conversations has under its company_id
    cast(coalesce(totals.count_conversations_90_days, 0) as bigint) as count_contact_conversations_90_days,  -- begun in the last 90 days
    cast(100 * coalesce(totals.count_conversations, 0) as double) / nullif(stg_companies.count_users, 0)
        as contact_conversations_per_100_users,  -- NULL: no users
    coalesce(totals.count_ratings, 0) as count_ratings,  -- of these conversations
    cast(totals.count_positive_ratings as double) / nullif(totals.count_ratings, 0) as csat,  -- ratings of 4 and 5 / ratings; NULL: none
    cast(totals.count_sla_hit as double) / nullif(totals.count_sla_decided, 0) as sla_hit_rate,  -- Intercom's service levels: hit / (hit + missed), without overdue ones that nobody has replied to; NULL: none is decided
    cast(coalesce(totals.count_open_conversations, 0) as bigint) as count_open_conversations,  -- open or snoozed now
    to_timestamp(totals.oldest_open_at_epoch) as oldest_open_at,  -- when the oldest of these began
    case when reasons.risks <> '' then 'at_risk' when reasons.is_quiet then 'quiet' else 'healthy' end as health,  -- as in dim_contacts, by the conversations of all its contacts
    case
        when reasons.risks <> '' then substring(reasons.risks, 3)
        when reasons.is_quiet then 'no conversation in 90 days'
    end as health_reasons,  -- in words; NULL: healthy
    case when reasons.risks <> '' then coalesce(stg_companies.monthly_spend, 0) else 0 end as spend_at_risk  -- monthly_spend of a company at risk, else 0
from stg_companies
inner join reasons on stg_companies.company_id = reasons.company_id
left join totals on stg_companies.company_id = totals.company_id
left join contact_counts on stg_companies.company_id = contact_counts.company_id
