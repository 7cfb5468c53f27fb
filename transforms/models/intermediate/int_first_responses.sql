-- One row per conversation in which a customer wrote: when they first did, and when and by whom that was first answered.
-- Where parts are missing it is what Intercom's statistics say, else NULL.
-- incremental: conversation_id
with

asked as (
    select
        conversation_id,
        min(case when is_customer_message then seq end) as asked_seq,
        min(case when is_customer_message then at_epoch end) as asked_at_epoch,
        max(case when seq = 0 and is_customer_message then 1 else 0 end) as is_opened_by_customer,
        max(case when seq = 0 and author_role = 'bot' then 1 else 0 end) as is_opened_by_bot
    from int_events
    where is_customer_message or seq = 0
    group by conversation_id
),

answered as (
    select
        asked.conversation_id,
        min(case when int_events.is_reply then int_events.seq end) as reply_seq,
        min(case when int_events.kind = 'close' then int_events.seq end) as close_seq,
        max(case when int_events.is_reply then int_events.at_epoch end) as last_reply_at_epoch,
        sum(case when int_events.is_reply then 1 else 0 end) as count_replies,
        min(case when int_events.to_admin_id is not null then int_events.at_epoch end) as assigned_at_epoch
    from asked
    inner join int_events
        on asked.conversation_id = int_events.conversation_id
        and asked.asked_seq < int_events.seq
    where int_events.is_reply or int_events.kind = 'close' or int_events.to_admin_id is not null
    group by asked.conversation_id
),

replies as (
    select
        answered.conversation_id,
        answered.close_seq < answered.reply_seq as is_closed_first,
        int_events.seq,
        int_events.at_epoch,
        int_events.author_id
    from answered
    inner join int_events
        on answered.conversation_id = int_events.conversation_id
        and answered.reply_seq = int_events.seq
        and int_events.is_reply
),

-- what bots did, and who got it, until the first reply: one that comes later hands nothing over
acts as (
    select
        int_events.conversation_id,
        int_events.seq,
        int_events.at_epoch,
        int_events.to_role,
        int_events.is_inferred,
        min(case when int_events.is_bot_reply or int_events.to_role = 'bot' then int_events.seq end)
            over (partition by int_events.conversation_id) as bot_seq
    from int_events
    inner join replies
        on int_events.conversation_id = replies.conversation_id and int_events.seq <= replies.seq
    where int_events.is_bot_reply or int_events.to_role is not null
),

-- Nobody gets what has just begun, too (`default_assignment`): that hands nothing over, as no bot has had it yet.
hand_overs as (
    select
        acts.conversation_id,
        max(acts.bot_seq) as bot_seq,
        min(acts.seq) as handed_over_seq,
        min(acts.at_epoch) as handed_over_at_epoch
    from acts
    inner join asked on acts.conversation_id = asked.conversation_id
    where
        not acts.is_inferred
        and (
            acts.to_role in ('teammate', 'team')
            or (
                acts.to_role = 'nobody'
                and (acts.bot_seq <= acts.seq or (asked.is_opened_by_bot = 1 and asked.asked_seq < acts.seq))
            )
        )
    group by acts.conversation_id
),

-- when the second of the question was over: a workflow gives a conversation to its team in the second in which it begins
owners_then as (
    select asked.conversation_id, owners.team_id, owners.admin_id
    from asked
    inner join int_assignment_spans as owners
        on asked.conversation_id = owners.conversation_id
        and asked.asked_at_epoch >= owners.from_epoch
        and (owners.to_epoch is null or asked.asked_at_epoch < owners.to_epoch)
),

found as (
    select
        asked.conversation_id,
        completeness.has_all_parts,
        not people.is_begun_by_us as is_inbound,
        case when completeness.has_all_parts then owners_then.team_id end as team_id,
        case
            when completeness.has_all_parts or asked.is_opened_by_customer = 1 then asked.asked_at_epoch
            else coalesce(
                conversations.statistics_first_contact_reply_at_epoch, conversations.first_contact_reply_at_epoch
            )
        end as asked_at_epoch,
        case
            when completeness.has_all_parts then replies.at_epoch
            else conversations.statistics_first_admin_reply_at_epoch
        end as first_reply_at_epoch,
        case
            when completeness.has_all_parts then answered.last_reply_at_epoch
            else conversations.statistics_last_admin_reply_at_epoch
        end as last_reply_at_epoch,
        case when completeness.has_all_parts then coalesce(answered.count_replies, 0) end as count_replies,
        case when completeness.has_all_parts then replies.seq end as first_reply_seq,
        case when completeness.has_all_parts then replies.author_id end as first_reply_admin_id,
        case
            when completeness.has_all_parts then answered.close_seq is not null and coalesce(replies.is_closed_first, true)
            when conversations.statistics_count_conversation_parts is not null
                then conversations.statistics_first_close_at_epoch is not null
                and coalesce(
                    conversations.statistics_first_close_at_epoch
                    < conversations.statistics_first_admin_reply_at_epoch,
                    true
                )
        end as was_closed_before_first_reply,
        case
            when not completeness.has_all_parts then null
            when hand_overs.bot_seq <= hand_overs.handed_over_seq or asked.is_opened_by_bot = 1
                then hand_overs.handed_over_at_epoch
        end as handed_over_at_epoch,
        case when completeness.has_all_parts then asked.asked_seq end as asked_seq,
        case when completeness.has_all_parts then owners_then.admin_id end as asked_admin_id,
        -- who had it when the customer wrote had it first; whoever had had it before that counts no more
        case
            when not completeness.has_all_parts then null
            when owners_then.admin_id is not null then asked.asked_at_epoch
            else answered.assigned_at_epoch
        end as assigned_at_epoch
    from asked
    inner join stg_conversations as conversations on asked.conversation_id = conversations.conversation_id
    inner join int_conversation_people as people on asked.conversation_id = people.conversation_id
    inner join qa_conversation_completeness as completeness
        on asked.conversation_id = completeness.conversation_id
    left join answered on asked.conversation_id = answered.conversation_id
    left join replies on asked.conversation_id = replies.conversation_id
    left join hand_overs on asked.conversation_id = hand_overs.conversation_id
    left join owners_then on asked.conversation_id = owners_then.conversation_id
    where
        asked.asked_seq is not null
        or (
            not completeness.has_all_parts
            and coalesce(
                conversations.statistics_first_contact_reply_at_epoch, conversations.first_contact_reply_at_epoch
            ) is not null
        )
),

own_hours as (
    select count(*) as count_teams from team_schedules
),

with_schedules as (
    select
        found.*,
        coalesce(team_schedules.schedule_id, 'default') as schedule_id,
        -- which team had it is not known where parts are missing: that is the same where all work in the same hours
        found.has_all_parts or own_hours.count_teams = 0 as has_known_hours,
        found.first_reply_at_epoch - found.asked_at_epoch as seconds
    from found
    cross join own_hours
    left join team_schedules on found.team_id = team_schedules.team_id
)

select
    with_schedules.conversation_id,
    with_schedules.is_inbound,  -- begun by the customer or by a workflow, not by a teammate, a campaign or a Series
    with_schedules.asked_at_epoch,  -- the first customer message
    with_schedules.asked_seq,  -- the event that this is; NULL as the next
    with_schedules.asked_admin_id,  -- the teammate who had the conversation then; NULL: nobody, a bot, or parts are missing
    with_schedules.team_id as asked_team_id,  -- the team that had the conversation then; NULL: none, or parts are missing
    case when with_schedules.asked_at_epoch is not null then with_schedules.first_reply_at_epoch end
        as first_reply_at_epoch,  -- the first reply after it; NULL also where it is not known when the customer wrote
    with_schedules.first_reply_seq,  -- the event that this is; NULL as the next
    with_schedules.first_reply_admin_id,  -- NULL: nobody has replied, or only Intercom's statistics say that somebody did
    with_schedules.last_reply_at_epoch,  -- the last reply after it
    cast(with_schedules.count_replies as bigint) as count_replies,  -- the replies after it; NULL: parts are missing
    with_schedules.was_closed_before_first_reply,  -- closed before any reply, whether one came later or not
    case when with_schedules.seconds < 0 then 0 else with_schedules.seconds end as response_seconds,
    case
        when not with_schedules.has_known_hours then null
        when with_schedules.seconds < 0 then 0
        else reply_slots.clock_offset_seconds + reply_slots.is_open * with_schedules.first_reply_at_epoch
            - asked_slots.clock_offset_seconds - asked_slots.is_open * with_schedules.asked_at_epoch
    end as response_business_seconds,  -- in the working hours of that team; NULL also where it is not known
    case
        when not with_schedules.has_all_parts then null
        when with_schedules.handed_over_at_epoch > with_schedules.asked_at_epoch
            then with_schedules.first_reply_at_epoch - with_schedules.handed_over_at_epoch
        else with_schedules.seconds
    end as response_after_bot_seconds,  -- from the moment a bot had handed over; without a bot the same as response_seconds
    with_schedules.assigned_at_epoch - with_schedules.asked_at_epoch
        as assignment_seconds  -- to the first teammate who had it from then on; 0: a teammate had it when the customer wrote
from with_schedules
left join business_slots as asked_slots
    on with_schedules.schedule_id = asked_slots.schedule_id
    and cast(floor(with_schedules.asked_at_epoch / 900) as bigint) = asked_slots.slot_id
left join business_slots as reply_slots
    on with_schedules.schedule_id = reply_slots.schedule_id
    and cast(floor(with_schedules.first_reply_at_epoch / 900) as bigint) = reply_slots.slot_id
