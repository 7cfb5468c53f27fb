-- One row per contact that exists in Intercom: what its conversations say about how the contact is doing, and its health.
-- view: it is read once
with

conversations as (
    select
        int_contact_conversations.contact_id,
        fct_conversations.conversation_id,
        coalesce(fct_conversations.state in ('open', 'snoozed'), false) as is_open,
        fct_conversations.direction,
        fct_conversations.created_at_epoch,
        fct_conversations.is_reopened_within_7_days,
        case when not fct_conversations.was_closed_before_first_reply then fct_conversations.first_response_seconds end
            as first_response_seconds,
        fct_conversations.waiting_business_seconds,
        build_clock.now_epoch - fct_conversations.created_at_epoch as age_seconds
    from int_contact_conversations
    inner join fct_conversations on int_contact_conversations.conversation_id = fct_conversations.conversation_id
    cross join build_clock
),

totals as (
    select
        contact_id,
        count(*) as count_conversations,
        min(created_at_epoch) as first_conversation_at_epoch,
        max(created_at_epoch) as last_conversation_at_epoch,
        -- a customer wrote: what we sent and nobody answered is no trouble
        sum(case when age_seconds <= 604800 and direction <> 'outbound' then 1 else 0 end) as count_asked_7_days,
        sum(case when age_seconds <= 2592000 then 1 else 0 end) as count_conversations_30_days,
        sum(case when age_seconds <= 7776000 then 1 else 0 end) as count_conversations_90_days,
        sum(case when is_open then 1 else 0 end) as count_open_conversations,
        sum(case when is_reopened_within_7_days is not null then 1 else 0 end) as count_closed_for_7_days,
        sum(case when is_reopened_within_7_days then 1 else 0 end) as count_reopened,
        max(waiting_business_seconds) as longest_wait_business_seconds,
        median(first_response_seconds) as median_first_response_seconds
    from conversations
    group by contact_id
),

ratings as (
    select
        contact_id,
        rating,
        row_number() over (partition by contact_id order by rated_at_epoch desc, conversation_id) as place
    from int_contact_ratings
),

histories as (
    select
        stg_contacts.contact_id,
        coalesce(totals.count_conversations, 0) as count_conversations,
        totals.first_conversation_at_epoch,
        totals.last_conversation_at_epoch,
        cast(coalesce(totals.count_asked_7_days, 0) as bigint) as count_asked_7_days,
        cast(coalesce(totals.count_conversations_30_days, 0) as bigint) as count_conversations_30_days,
        cast(coalesce(totals.count_conversations_90_days, 0) as bigint) as count_conversations_90_days,
        cast(coalesce(totals.count_open_conversations, 0) as bigint) as count_open_conversations,
        cast(totals.count_reopened as double) / nullif(totals.count_closed_for_7_days, 0) as reopen_rate,
        totals.median_first_response_seconds,
        ratings.rating as last_rating,
        totals.longest_wait_business_seconds,
        coalesce(build_clock.now_epoch - stg_contacts.created_at_epoch > 7776000, true) as is_known_for_90_days
    from stg_contacts
    cross join build_clock
    left join totals on stg_contacts.contact_id = totals.contact_id
    left join ratings on stg_contacts.contact_id = ratings.contact_id and ratings.place = 1
),

judged as (
    select
        histories.*,
        case when last_rating <= 2 then '; last rating ' || cast(last_rating as varchar) else '' end
        || case
            when longest_wait_business_seconds > 28800 then '; waiting for more than 8 business hours' else ''
        end
        || case
            when count_asked_7_days >= 3
                then '; ' || cast(count_asked_7_days as varchar) || ' conversations in 7 days'
            else ''
        end as risks,
        count_conversations_90_days = 0 and is_known_for_90_days as is_quiet  -- who is new has not been quiet yet
    from histories
)

select
    contact_id,
    count_conversations,
    first_conversation_at_epoch,
    last_conversation_at_epoch,
    count_conversations_30_days,
    count_conversations_90_days,
    count_open_conversations,
    reopen_rate,
    median_first_response_seconds,
    last_rating,
    longest_wait_business_seconds,  -- of the questions that wait now; NULL: none does, or it is not known
    case when risks <> '' then 'at_risk' when is_quiet then 'quiet' else 'healthy' end as health,
    case when risks <> '' then substring(risks, 3) when is_quiet then 'no conversation in 90 days' end as health_reasons
from judged
