-- One row per conversation: who, where, how long until the reply and the close, and how it went.
-- Where parts are missing (has_all_parts is false), figures that they could change are Intercom's own, else NULL.
-- question: How long did each customer wait, and how did it end?
-- incremental: conversation_id
with

workspaces as (
    select max(workspace_id) as workspace_id, max(app_url) as app_url from stg_workspace
),

facts as (
    select
        stg_conversations.conversation_id,
        stg_conversations.title,
        stg_conversations.ticket_id,
        stg_conversations.state,
        stg_conversations.priority,
        stg_conversations.team_assignee_id,
        stg_conversations.created_at,
        stg_conversations.created_at_epoch,
        stg_conversations.updated_at,
        stg_conversations.source_type,
        stg_conversations.source_delivered_as,
        stg_conversations.source_subject,
        -- the contact who wrote it, or the one that it became
        stg_conversations.source_author_id is not null
        and coalesce(stg_conversations.source_author_type in ('user', 'lead', 'contact'), false) as is_opened_by_contact,
        stg_conversations.source_author_name,
        stg_conversations.source_author_email,
        stg_conversations.rating,
        stg_conversations.rating_remark,
        stg_conversations.rating_requested_at,
        -- Intercom's time of a rating is that of the request; a part shows when the customer answered. Where parts are missing, the
        -- last one that is loaded may be of an earlier rating
        case
            when stg_conversations.rating is null then null
            when completeness.has_all_parts
                or (completeness.has_newest_parts and rollup.has_rating_in_newest_parts)
                then coalesce(rollup.last_rated_at_epoch, stg_conversations.rating_requested_at_epoch)
            else stg_conversations.rating_requested_at_epoch
        end as rated_at_epoch,
        stg_conversations.sla_name,
        stg_conversations.sla_status,
        stg_conversations.statistics_last_contact_reply_at_epoch,
        stg_conversations.statistics_last_admin_reply_at_epoch,
        stg_conversations.statistics_handling_time_seconds,
        stg_conversations.statistics_count_reopens,
        stg_conversations.statistics_count_assignments,
        stg_conversations.is_ai_agent_involved,
        stg_conversations.ai_agent_resolution_state,
        stg_conversations.is_ai_agent_preview,
        opening.author_role as opened_by_role,
        coalesce(stg_conversations.state = 'closed', false) as is_closed,
        completeness.has_all_parts,
        -- of the newest 500 parts none may be a message
        completeness.has_all_parts or (completeness.has_newest_parts and rollup.has_message_in_newest_parts)
            as has_last_message,
        rollup.is_last_message_customers,
        case
            when not completeness.has_all_parts and stg_conversations.state <> 'closed'
                then stg_conversations.waiting_since_epoch
        end as stated_waiting_since_epoch,
        responses.asked_at_epoch,
        case
            when responses.conversation_id is null then 'outbound'
            when responses.is_inbound then 'inbound'
            else 'outbound_replied'
        end as direction,
        case
            when completeness.has_all_parts then rollup.first_close_at_epoch
            else stg_conversations.statistics_first_close_at_epoch
        end as first_close_at_epoch,
        case
            when completeness.has_all_parts then rollup.last_close_at_epoch
            else stg_conversations.statistics_last_close_at_epoch
        end as last_close_at_epoch,
        since.first_close_at_epoch as first_asked_close_at_epoch,
        since.last_close_at_epoch as last_asked_close_at_epoch,
        case when completeness.has_all_parts then rollup.first_reopen_at_epoch end as first_reopen_at_epoch,
        -- Intercom names the teammate of the last close by one, which may be an earlier one unless it was closed once
        case
            when completeness.has_all_parts then rollup.last_closed_by_role
            when rollup.last_close_at_epoch is null
                and stg_conversations.statistics_first_close_at_epoch = stg_conversations.statistics_last_close_at_epoch
                and closers.staff_id is not null
                then case when closers.is_bot then 'bot' else 'teammate' end
            when rollup.last_close_at_epoch >= stg_conversations.statistics_last_close_at_epoch - 60
                and rollup.last_close_at_epoch <= stg_conversations.statistics_last_close_at_epoch + 60
                then rollup.last_closed_by_role
        end as last_closed_by_role,
        case
            when completeness.has_all_parts then rollup.last_closed_by_admin_id
            when rollup.last_close_at_epoch is null
                and stg_conversations.statistics_first_close_at_epoch = stg_conversations.statistics_last_close_at_epoch
                then case when not closers.is_bot then closers.staff_id end
            when rollup.last_close_at_epoch >= stg_conversations.statistics_last_close_at_epoch - 60
                and rollup.last_close_at_epoch <= stg_conversations.statistics_last_close_at_epoch + 60
                then rollup.last_closed_by_admin_id
        end as last_closed_by_admin_id,
        case when assignees.is_bot then null else stg_conversations.admin_assignee_id end as owner_admin_id,
        case when not rated.is_bot then rated.staff_id end as rated_admin_id
    from stg_conversations
    inner join int_events as opening
        on stg_conversations.conversation_id = opening.conversation_id and opening.seq = 0
    inner join int_conversation_rollup as rollup
        on stg_conversations.conversation_id = rollup.conversation_id
    inner join qa_conversation_completeness as completeness
        on stg_conversations.conversation_id = completeness.conversation_id
    left join int_first_responses as responses
        on stg_conversations.conversation_id = responses.conversation_id
    left join int_since_asked as since on stg_conversations.conversation_id = since.conversation_id
    left join int_staff as closers on stg_conversations.statistics_last_closed_by_id = closers.staff_id
    left join int_staff as assignees on stg_conversations.admin_assignee_id = assignees.staff_id
    left join int_staff as rated on stg_conversations.rating_admin_id = rated.staff_id
),

turns as (
    select
        conversation_id,
        count(*) as count_turns,
        max(case when outcome = 'waiting' then asked_at_epoch end) as waiting_since_epoch,
        max(case when outcome = 'waiting' then waited_business_seconds end) as waited_business_seconds
    from int_turns
    group by conversation_id
),

-- who waits as Intercom says it, where the last message does not say otherwise
waiting as (
    select conversation_id, stated_waiting_since_epoch as waiting_since_epoch
    from facts
    where stated_waiting_since_epoch is not null and (not has_last_message or is_last_message_customers)
),

own_hours as (
    select count(*) as count_teams from team_schedules
),

-- whose hours they are that pass is not known where parts are missing: that is the same where all work in the same hours
stated_waits as (
    select
        waiting.conversation_id,
        clocks.now_business_clock_seconds
        - slots.clock_offset_seconds - slots.is_open * waiting.waiting_since_epoch as waited_business_seconds
    from waiting
    inner join own_hours on own_hours.count_teams = 0
    inner join int_schedule_clocks as clocks
        on clocks.schedule_id = 'default' and waiting.waiting_since_epoch <= clocks.now_epoch
    inner join business_slots as slots
        on clocks.schedule_id = slots.schedule_id
        and cast(floor(waiting.waiting_since_epoch / 900) as bigint) = slots.slot_id
),

ownership as (
    select
        conversation_id,
        sum(case when admin_id is not null then open_seconds else 0 end) as handling_seconds,
        sum(case when admin_id is null then open_seconds else 0 end) as unassigned_seconds,
        sum(case when admin_id <> previous_admin_id or team_id <> previous_team_id then 1 else 0 end) as count_handovers
    from int_assignment_spans
    group by conversation_id
),

returns as (
    -- a contact who writes anew within 7 days of the last close was not helped for good
    select closed.conversation_id, count(*) as count_returns
    from facts as closed
    inner join int_conversation_people as people on closed.conversation_id = people.conversation_id
    inner join int_customer_beginnings as later
        on people.contact_id = later.contact_id
        and closed.conversation_id <> later.begun_conversation_id
        and later.asked_at_epoch > closed.last_close_at_epoch
        and later.asked_at_epoch <= closed.last_close_at_epoch + 604800
    group by closed.conversation_id
)

select
    conversations.conversation_id,  -- Intercom's id
    workspaces.app_url || '/a/inbox/' || workspaces.workspace_id || '/inbox/conversation/'
    || conversations.conversation_id as conversation_url,  -- opens it in Intercom's inbox
    conversations.title,  -- as the inbox shows it
    coalesce(conversations.source_type, 'unknown') as channel,  -- conversation (Messenger), email, whatsapp, ...
    conversations.source_delivered_as as delivered_as,  -- customer_initiated, operator_initiated, campaigns_initiated, ...
    conversations.source_subject as subject,  -- of an email
    conversations.opened_by_role,  -- who wrote the opening message: customer, teammate, bot, team or other
    conversations.opened_by_role = 'customer' and coalesce(conversations.source_delivered_as, '') = 'customer_initiated'
        as is_customer_initiated,  -- a customer wrote the opening message, not in answer to a campaign
    conversations.direction,  -- inbound (a customer wrote, begun by customer or workflow), outbound_replied (a customer wrote, begun by us) or outbound
    people.contact_id,  -- who wrote the opening message, else the first contact; a merged contact is the one it became
    coalesce(
        stg_contacts.name,
        case when conversations.is_opened_by_contact then conversations.source_author_name end
    ) as contact_name,  -- as it is now; of one who is gone, as the opening message holds it
    coalesce(
        stg_contacts.email,
        case when conversations.is_opened_by_contact then conversations.source_author_email end
    ) as contact_email,  -- as contact_name
    people.company_id,  -- the contact's only company; NULL: none, or several
    stg_companies.name as company_name,  -- of company_id
    conversations.state,  -- now: open, closed or snoozed
    conversations.is_closed,  -- its state is closed now
    conversations.priority,  -- priority or not_priority
    conversations.owner_admin_id as admin_assignee_id,  -- the teammate who has it now; NULL: nobody, or a bot
    assignee_names.name as assignee_name,  -- of admin_assignee_id, also of one who has left
    conversations.team_assignee_id,  -- the team that has it now; NULL: none
    stg_teams.name as team_name,  -- of team_assignee_id
    int_conversation_tags.tags,  -- names as they are now in alphabetical order, separated by ', '
    conversations.has_all_parts,  -- false: parts are missing, and figures are Intercom's own or NULL

    conversations.created_at,  -- when the opening message was sent
    conversations.created_at_epoch,  -- in unix seconds
    local_slots.day as created_on,  -- in the workspace's time zone, as the next four
    local_slots.week_start as created_week,  -- its Monday
    local_slots.month_start as created_month,  -- its first day
    local_slots.hour as created_hour,  -- 0 to 23
    local_slots.weekday as created_weekday,  -- 1 Monday to 7 Sunday
    conversations.updated_at,  -- when anything in it last changed
    to_timestamp(conversations.asked_at_epoch) as asked_at,  -- the first customer message; NULL: no customer wrote
    conversations.asked_at_epoch,  -- in unix seconds
    to_timestamp(responses.first_reply_at_epoch) as first_reply_at,  -- a teammate's first reply after asked_at
    responses.first_reply_at_epoch,  -- in unix seconds
    responses.first_reply_admin_id,  -- whose reply that is
    replier_names.name as first_reply_admin_name,  -- of first_reply_admin_id
    to_timestamp(
        case
            when conversations.has_all_parts then responses.last_reply_at_epoch
            else conversations.statistics_last_admin_reply_at_epoch
        end
    ) as last_reply_at,  -- a teammate's last reply after asked_at
    to_timestamp(
        case
            when conversations.has_all_parts then rollup.last_customer_message_at_epoch
            else conversations.statistics_last_contact_reply_at_epoch
        end
    ) as last_customer_message_at,  -- the last message of a customer
    to_timestamp(conversations.first_close_at_epoch) as first_close_at,  -- by whomever
    conversations.first_close_at_epoch,  -- in unix seconds
    to_timestamp(conversations.last_close_at_epoch) as last_close_at,  -- by whomever
    conversations.last_close_at_epoch,  -- in unix seconds
    to_timestamp(conversations.first_reopen_at_epoch) as first_reopen_at,  -- when it first did not stay closed
    conversations.first_reopen_at_epoch,  -- in unix seconds
    conversations.last_closed_by_admin_id,  -- the teammate who closed it last; NULL: somebody else did, or nobody, or it is not known
    closer_names.name as last_closed_by_name,  -- of last_closed_by_admin_id
    conversations.state = 'open' and case
        when conversations.has_last_message then conversations.is_last_message_customers
        else waiting.conversation_id is not null
    end as is_waiting_on_us,  -- now: open, and the last message that is no bot's is the customer's, if only the answer to a bot's form
    to_timestamp(coalesce(turns.waiting_since_epoch, waiting.waiting_since_epoch))
        as waiting_since,  -- the first customer message that waits for a reply now, or when what was closed unanswered was opened again; NULL: none waits, or parts are missing and it is not known since when
    coalesce(turns.waited_business_seconds, stated_waits.waited_business_seconds)
        as waiting_business_seconds,  -- since then until now, in the working hours of the team that had it then; NULL also where parts are missing and teams have hours of their own
    conversations.last_closed_by_role,  -- customer, teammate, bot, team, other, or unknown (closed without a part that says it)

    -- how long; never negative
    case when conversations.direction = 'inbound' then responses.response_seconds end
        as first_response_seconds,  -- inbound: asked_at to the first reply, also over a close (leave these out of medians: was_closed_before_first_reply)
    case when conversations.direction = 'inbound' then responses.response_business_seconds end
        as first_response_business_seconds,  -- the same in the working hours of the team that had it when the customer asked; NULL also where parts are missing and teams have hours of their own
    case when conversations.direction = 'inbound' then responses.response_after_bot_seconds end
        as first_response_after_bot_seconds,  -- the same from the moment a bot handed over (assigned to a teammate, a team or, after a bot had done something, nobody): Intercom's "bot inbox time excluded"
    case
        when conversations.direction = 'inbound' then responses.was_closed_before_first_reply
    end as was_closed_before_first_reply,  -- inbound: closed before any reply, whether one came later or not; left out of the medians of other marts
    case when conversations.direction = 'inbound' then responses.assignment_seconds end
        as time_to_first_assignment_seconds,  -- inbound: asked_at to the first teammate who had it from then on; 0: a teammate had it when the customer wrote
    case when conversations.has_all_parts then cast(coalesce(ownership.unassigned_seconds, 0) as bigint) end
        as unassigned_seconds,  -- open and without a teammate (bots are none), added up
    conversations.first_asked_close_at_epoch - conversations.asked_at_epoch as first_close_seconds,  -- asked_at to the first close after it; NULL: no customer wrote, or not closed since
    conversations.last_asked_close_at_epoch - conversations.asked_at_epoch as last_close_seconds,  -- asked_at to the last close, reopened since or not
    case
        when conversations.is_closed then conversations.last_asked_close_at_epoch - conversations.asked_at_epoch
    end as resolution_seconds,  -- asked_at to the last close, while the conversation stays closed
    case when conversations.is_closed then cast(since.business_seconds_to_last_close as bigint) end
        as resolution_business_seconds,  -- the same in the working hours of the team that has it now
    since.last_close_at_epoch - since.first_assigned_at_epoch as first_assignment_to_close_seconds,  -- from asked_at, or the first assignment to a teammate after it, to the last close
    since.last_close_at_epoch - since.last_assigned_at_epoch as last_assignment_to_close_seconds,  -- from the last assignment to a teammate before the last close, to that close
    case
        when conversations.first_close_at_epoch is null then null
        when conversations.has_all_parts then cast(coalesce(ownership.handling_seconds, 0) as bigint)
        else conversations.statistics_handling_time_seconds
    end as handling_seconds,  -- open and assigned to a teammate, all teammates together; NULL: never closed yet

    case when conversations.has_all_parts then rollup.count_replies end as count_replies,  -- teammates' messages that the customer sees
    case when conversations.has_all_parts then rollup.count_customer_messages end
        as count_customer_messages,  -- the opening message, and answers to a bot's form, included
    case when conversations.has_all_parts then rollup.count_bot_replies end as count_bot_replies,  -- bots' messages, the opening message aside
    case when conversations.has_all_parts then rollup.count_notes end as count_notes,  -- internal notes
    case when conversations.has_all_parts then rollup.count_replying_admins end
        as count_replying_admins,  -- different teammates who replied
    case
        when conversations.has_all_parts then rollup.count_assignments
        else conversations.statistics_count_assignments
    end as count_assignments,  -- parts that assign, to whomever
    since.count_reassignments,  -- of these, the ones after first_reply_at; NULL: no customer wrote, or parts are missing
    case when conversations.has_all_parts then rollup.count_closes end as count_closes,  -- by whomever
    case
        when conversations.has_all_parts then rollup.count_reopens
        else conversations.statistics_count_reopens
    end as count_reopens,  -- from closed back to open or snoozed, by whomever, also by a message; what first opens one that began closed is none; where parts are missing, Intercom's count of its parts that reopen
    case when conversations.has_all_parts then coalesce(turns.count_turns, 0) end
        as count_turns,  -- questions, one that was closed unanswered and opened again anew: see fct_response_turns
    case when conversations.has_all_parts then cast(coalesce(ownership.count_handovers, 0) as bigint) end
        as count_handovers,  -- from one teammate, or one team, to another

    -- how it went
    case
        when conversations.has_all_parts
            then responses.conversation_id is not null
            and conversations.is_closed and rollup.count_closes = 1 and rollup.count_replying_admins = 1
    end as is_closed_on_first_contact,  -- a customer wrote; closed now, closed once, and one teammate replied
    case
        when conversations.has_all_parts
            then conversations.is_closed and coalesce(responses.count_replies = 1, false) and rollup.count_reopens = 0
    end as is_one_touch,  -- closed after exactly one reply to the customer, never reopened
    case
        when conversations.first_asked_close_at_epoch + 604800 <= build_clock.now_epoch
            and conversations.has_all_parts
            then coalesce(since.first_reopen_at_epoch <= since.first_close_at_epoch + 604800, false)
    end as is_reopened_within_7_days,  -- of the first close after asked_at; NULL: not closed since, no customer wrote, or the 7 days are not over
    case
        when conversations.is_closed
            and people.contact_id is not null
            and conversations.last_close_at_epoch + 604800 <= build_clock.now_epoch
            then returns.count_returns is null
    end as is_resolved_no_return,  -- the contact began no other inbound conversation within 7 days of the last close; NULL until these have passed, and without a contact
    case
        when conversations.has_all_parts
            then conversations.direction = 'inbound' and conversations.is_closed
            and rollup.has_bot_reply_to_customer and rollup.count_replies = 0
            and rollup.count_assignments_to_teammates = 0
            and conversations.owner_admin_id is null
            and coalesce(rollup.last_closed_by_role in ('bot', 'customer', 'other'), false)
    end as is_deflected_by_bot,  -- inbound: a bot replied, no teammate replied or had it, and a bot, a timer or the customer closed it
    case
        when rollup.has_fin or conversations.is_ai_agent_involved then true
        when conversations.has_all_parts or not conversations.is_ai_agent_involved then false
    end as has_fin,  -- Fin, Intercom's AI agent, took part; NULL: not known (parts are missing)
    -- no outcome where Fin tried and had no answer: such a conversation is in what resolutions are a share of
    not conversations.is_ai_agent_preview
    and (coalesce(conversations.is_ai_agent_involved, false) or conversations.ai_agent_resolution_state is not null)
        as is_fin_involved,  -- Intercom says that Fin tried to answer, and no teammate was trying Fin out; false also where it does not say
    case when not conversations.is_ai_agent_preview then conversations.ai_agent_resolution_state end
        as fin_outcome,  -- Intercom's word for how Fin did; NULL: it took no part, had no answer, was only tried out, or Intercom does not say
    conversations.sla_name,  -- the service level that Intercom applied
    conversations.sla_status,  -- of that: hit, missed, cancelled or active (also while overdue, until a teammate replies); NULL: removed, or no service level
    conversations.rating,  -- 1 (worst) to 5; NULL: not rated
    conversations.rating_remark,  -- what the customer wrote with it
    conversations.rating_requested_at,  -- when the customer was asked for the rating, as Intercom says it
    to_timestamp(conversations.rated_at_epoch) as rated_at,  -- when the customer gave the rating, or last changed it; rating_requested_at if no part shows it
    conversations.rated_at_epoch,  -- in unix seconds
    conversations.rated_admin_id,  -- the teammate whom the rating names; see fct_csat
    case
        when conversations.has_all_parts then conversations.is_closed and coalesce(responses.count_replies > 0, false)
        when conversations.statistics_last_admin_reply_at_epoch is not null then conversations.is_closed
    end as is_rateable,  -- closed with a reply after asked_at: a rating could be expected
    conversations.ticket_id  -- of the ticket that it is or has become, which has a row in fct_tickets, too; NULL: none
from facts as conversations
cross join build_clock
cross join workspaces
inner join int_conversation_rollup as rollup on conversations.conversation_id = rollup.conversation_id
inner join int_conversation_people as people on conversations.conversation_id = people.conversation_id
left join int_first_responses as responses on conversations.conversation_id = responses.conversation_id
left join int_since_asked as since on conversations.conversation_id = since.conversation_id
left join local_slots on cast(floor(conversations.created_at_epoch / 900) as bigint) = local_slots.slot_id
left join int_conversation_tags on conversations.conversation_id = int_conversation_tags.conversation_id
left join ownership on conversations.conversation_id = ownership.conversation_id
left join turns on conversations.conversation_id = turns.conversation_id
left join waiting on conversations.conversation_id = waiting.conversation_id
left join stated_waits on conversations.conversation_id = stated_waits.conversation_id
left join returns on conversations.conversation_id = returns.conversation_id
left join stg_contacts on people.contact_id = stg_contacts.contact_id
left join stg_companies on people.company_id = stg_companies.company_id
left join stg_teams on conversations.team_assignee_id = stg_teams.team_id
left join int_staff as assignee_names on conversations.owner_admin_id = assignee_names.staff_id
left join int_staff as replier_names on responses.first_reply_admin_id = replier_names.staff_id
left join int_staff as closer_names on conversations.last_closed_by_admin_id = closer_names.staff_id
