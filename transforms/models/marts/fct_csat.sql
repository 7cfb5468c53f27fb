-- One row per rating of a conversation. CSAT is the share of is_positive; the response rate is the share of fct_conversations.is_rateable that was rated.
-- question: How satisfied are customers with each teammate?
-- incremental: conversation_id
with

-- whose last reply and close before the rating are known: where the API shows the newest parts alone, if the rating is
-- among them
known as (
    select
        fct_conversations.conversation_id,
        fct_conversations.rated_at_epoch,
        rollup.last_rated_seq,
        case when qa_conversation_completeness.has_all_parts then 0 else rollup.newest_from_seq end as from_seq
    from fct_conversations
    inner join qa_conversation_completeness
        on fct_conversations.conversation_id = qa_conversation_completeness.conversation_id
    inner join int_conversation_rollup as rollup on fct_conversations.conversation_id = rollup.conversation_id
    where
        fct_conversations.rating is not null
        and (
            qa_conversation_completeness.has_all_parts
            or (qa_conversation_completeness.has_newest_parts and rollup.has_rating_in_newest_parts)
        )
),

before_rating as (
    select
        known.conversation_id,
        int_events.seq,
        int_events.at_epoch,
        int_events.author_id,
        int_events.is_reply,
        int_events.kind
    from known
    inner join int_events
        on known.conversation_id = int_events.conversation_id
        and int_events.seq >= known.from_seq
        -- no part may show the rating
        and (
            int_events.seq < known.last_rated_seq
            or (known.last_rated_seq is null and int_events.at_epoch <= known.rated_at_epoch)
        )
    where int_events.is_reply or int_events.kind = 'close'
),

repliers as (
    -- Intercom does not always name who was rated: then it is the last teammate who had replied; never where it names a bot
    select
        before_rating.conversation_id,
        before_rating.author_id as admin_id,
        row_number() over (partition by before_rating.conversation_id order by before_rating.seq desc) as place
    from before_rating
    inner join stg_conversations on before_rating.conversation_id = stg_conversations.conversation_id
    left join int_staff on stg_conversations.rating_admin_id = int_staff.staff_id
    where before_rating.is_reply and int_staff.staff_id is null and not stg_conversations.is_rating_of_bot
),

closes as (
    select conversation_id, max(at_epoch) as closed_at_epoch
    from before_rating
    where kind = 'close'
    group by conversation_id
)

select
    fct_conversations.conversation_id,  -- see fct_conversations
    fct_conversations.conversation_url,  -- opens it in Intercom's inbox
    fct_conversations.rating,  -- 1 (worst) to 5
    fct_conversations.rating >= 4 as is_positive,  -- 4 and 5
    fct_conversations.is_rateable,  -- the conversation is closed and a teammate has replied; false: a bot's alone, or open again
    fct_conversations.rating_remark as remark,  -- what the customer wrote with it
    fct_conversations.rating_requested_at,  -- when the customer was asked for it, as Intercom says it
    fct_conversations.rated_at,  -- when the customer gave it, or last changed it; rating_requested_at if no part shows it
    fct_conversations.rated_at_epoch,  -- in unix seconds
    local_slots.day as rated_on,  -- in the workspace's time zone
    fct_conversations.direction,  -- of the conversation: inbound, outbound_replied or outbound
    fct_conversations.channel,  -- of the conversation
    coalesce(fct_conversations.team_assignee_id, 'none') as team_id,  -- the team that has the conversation now; 'none': no team
    fct_conversations.team_name,  -- of team_id
    coalesce(fct_conversations.rated_admin_id, repliers.admin_id) as admin_id,  -- the teammate whom the rating names, else the last who had replied; NULL: the rating names a bot, nobody had replied, or it is not known (parts are missing)
    int_staff.name as admin_name,  -- of admin_id
    fct_conversations.contact_id,  -- of the conversation
    fct_conversations.contact_name,  -- of contact_id
    fct_conversations.company_id,  -- the contact's only company
    cast(fct_conversations.rated_at_epoch - closes.closed_at_epoch as double) / 3600 as hours_after_close  -- since the last close before the rating; NULL: it was rated before any close, or that is not known (parts are missing)
from fct_conversations
left join repliers
    on fct_conversations.conversation_id = repliers.conversation_id and repliers.place = 1
left join closes on fct_conversations.conversation_id = closes.conversation_id
left join int_staff on coalesce(fct_conversations.rated_admin_id, repliers.admin_id) = int_staff.staff_id
left join local_slots on cast(floor(fct_conversations.rated_at_epoch / 900) as bigint) = local_slots.slot_id
where fct_conversations.rating is not null
