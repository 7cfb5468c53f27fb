-- One row per event of a conversation: the opening message (seq 0), every part, and events that only the conversation's own fields show.
-- Order: time, and within a second the part's id. Where the parts do not lead to the state, teammate and team that the
-- conversation has, an inferred event does: a change without a part, or team and teammate assigned in one step. A first or last
-- close that Intercom's statistics know and no part shows (closing many at once leaves none) is an inferred event, too.
-- A customer's message opens a closed conversation, unless Intercom says that it has stayed closed, or a part that opens it
-- comes later: a message and its own opening are a minute apart at most.
-- A conversation that a teammate or a campaign began may start closed, until somebody answers. It counts as started closed if the
-- first part that closes, snoozes or opens it is an opening, or if there is no such part, it is closed, and Intercom knows no close.
-- incremental: conversation_id
with

part_attachments as (
    select conversation_id, part_id, count(*) as count_attachments
    from stg_conversation_part_attachments
    group by conversation_id, part_id
),

bots as (
    select staff_id from int_staff where is_bot
),

conversations as (
    select
        stg_conversations.*,
        -- recorded of conversations that teammates began, and of these alone; bots greet in open ones
        stg_conversations.source_delivered_as in ('admin_initiated', 'campaigns_initiated')
        or (stg_conversations.source_delivered_as is null and stg_conversations.source_author_type = 'admin')
            as is_outbound,
        case when assigned_bots.staff_id is null then stg_conversations.admin_assignee_id end as owner_admin_id,
        case when closing_bots.staff_id is null then 'teammate' else 'bot' end as closer_role
    from stg_conversations
    left join bots as assigned_bots on stg_conversations.admin_assignee_id = assigned_bots.staff_id
    left join bots as closing_bots on stg_conversations.statistics_last_closed_by_id = closing_bots.staff_id
),

opening_messages as (
    select
        conversation_id,
        'source' as event_id,
        'source' as part_type,
        0 as is_part,
        created_at_epoch as at_epoch,
        -- some channels name no author: the way it was delivered says that a customer wrote
        case
            when source_author_type is null and source_delivered_as = 'customer_initiated' then 'user'
            else source_author_type
        end as author_type,
        source_author_id as author_id,
        source_author_name as author_name,
        cast(null as varchar) as assigned_to_type,
        cast(null as varchar) as assigned_to_id,
        true as has_content
    from conversations
),

parts as (
    select
        stg_conversation_parts.conversation_id,
        stg_conversation_parts.part_id as event_id,
        coalesce(stg_conversation_parts.part_type, '') as part_type,
        1 as is_part,
        -- nothing happens to a conversation before it exists
        case
            when stg_conversation_parts.created_at_epoch < conversations.created_at_epoch
                then conversations.created_at_epoch
            else stg_conversation_parts.created_at_epoch
        end as at_epoch,
        stg_conversation_parts.author_type,
        stg_conversation_parts.author_id,
        stg_conversation_parts.author_name,
        stg_conversation_parts.assigned_to_type,
        stg_conversation_parts.assigned_to_id,
        -- a redacted message has lost its text, but it was written
        stg_conversation_parts.body is not null
        or coalesce(stg_conversation_parts.is_redacted, false)
        or part_attachments.count_attachments is not null as has_content
    from stg_conversation_parts
    inner join conversations
        on stg_conversation_parts.conversation_id = conversations.conversation_id
    left join part_attachments
        on stg_conversation_parts.conversation_id = part_attachments.conversation_id
        and stg_conversation_parts.part_id = part_attachments.part_id
),

messages_and_parts as (
    select * from opening_messages
    union all
    select * from parts
),

with_roles as (
    select
        messages_and_parts.*,
        case
            when messages_and_parts.author_type in ('user', 'lead', 'contact') then 'customer'
            when messages_and_parts.author_type = 'bot' or authors.staff_id is not null then 'bot'
            when messages_and_parts.author_type = 'admin' then 'teammate'
            when messages_and_parts.author_type = 'team' then 'team'
            else 'other'
        end as author_role,
        messages_and_parts.part_type like '%assign%' as is_assignment,
        messages_and_parts.part_type in ('source', 'comment', 'quick_reply') as is_message_type,
        -- the types whose text the other side sees; notes, call summaries, merges and rating requests are none of them
        messages_and_parts.part_type in ('comment', 'quick_reply', 'assignment', 'close', 'open', 'snoozed')
        or messages_and_parts.part_type like 'comment_and_%'
        or messages_and_parts.part_type like 'assign_and_%'
        or messages_and_parts.part_type like 'assignment_and_%'
        or messages_and_parts.part_type like 'close_and_%'
        or messages_and_parts.part_type like 'open_and_%'
        or messages_and_parts.part_type like 'snoozed_and_%' as is_visible_type,
        case
            when messages_and_parts.part_type not like '%assign%' or messages_and_parts.assigned_to_type is null
                then null
            when messages_and_parts.assigned_to_type in ('team', 'bot') then messages_and_parts.assigned_to_type
            when messages_and_parts.assigned_to_type = 'admin' and assignees.staff_id is not null then 'bot'
            when messages_and_parts.assigned_to_type = 'admin' then 'teammate'
            else 'nobody'
        end as to_role
    from messages_and_parts
    left join bots as authors on messages_and_parts.author_id = authors.staff_id
    left join bots as assignees on messages_and_parts.assigned_to_id = assignees.staff_id
),

with_messages as (
    select
        conversation_id,
        event_id,
        part_type,
        is_part,
        at_epoch,
        author_role,
        author_id,
        author_role = 'bot'
        and coalesce(lower(author_name) = 'fin' or lower(author_name) like 'fin %', false) as is_fin,
        -- an answer to a bot's form has no text, but is the customer's
        author_role = 'customer'
        and (is_message_type or part_type = 'attribute_collected' or (part_type = 'open' and has_content))
            as is_customer_message,
        -- the one definition of a reply
        author_role = 'teammate' and is_part = 1 and has_content and is_visible_type as is_reply,
        author_role = 'bot' and is_part = 1 and has_content and (is_visible_type or is_assignment) as is_bot_reply,
        is_assignment,
        -- to sort costs what the rows carry: numbers, until they are sorted
        case
            when part_type = 'close' or part_type like 'close_and_%' then 1
            when part_type = 'snoozed' then 2
            when part_type = 'open' or part_type like '%and_reopen' then 3
            when part_type in ('unsnoozed', 'timer_unsnooze') or part_type like '%and_unsnooze' then 4
            when is_assignment then 5
            when part_type like 'note%' then 6
        end as action_code,
        to_role,
        case when to_role in ('teammate', 'team') then assigned_to_id end as to_id
    from with_roles
),

-- One number carries a moment and a code. A place is the position of an event in its conversation, in steps of 8: `place + code` sorts
-- like the place, so that the least and the greatest of many are the first and the last, and its remainder by 8 is the code.
-- action_code: 1 close, 2 snooze, 3 reopen, 4 unsnooze, which set the state; 5 assign, 6 note; 7 open, for the first opening of a
-- conversation that began closed; NULL: none of these.
-- state_set: 0 open, 1 closed, 2 snoozed; NULL: the event leaves the state as it was. A state_code is the state after an event.
ordered as (
    select
        conversation_id,
        event_id,
        part_type,
        is_part,
        at_epoch,
        author_role,
        author_id,
        is_fin,
        is_customer_message,
        is_reply,
        is_bot_reply,
        is_assignment,
        action_code,
        to_role,
        to_id,
        -- ids are numbers written as text: the longer one is the greater one
        8 * (
            row_number() over (
                partition by conversation_id order by is_part, at_epoch, length(event_id), event_id
            ) - 1
        ) as place,
        case
            when is_part = 0 then 0
            when action_code in (1, 2) then action_code
            when action_code in (3, 4) or is_customer_message then 0
        end as state_set,
        -- it opens the conversation by what it says, and by no action
        is_part = 0 or (is_customer_message and coalesce(action_code, 5) > 4) as is_plain_message
    from with_messages
),

landmarks as (
    select
        conversation_id,
        max(case when is_part = 0 and author_role = 'customer' then 1 else 0 end) as is_begun_by_customer,
        max(place + state_set) % 8 as state_code,
        max(case when is_part = 1 and is_plain_message then place end) as last_message_place,
        min(case when action_code <= 4 then place + action_code end) as first_action_place_code,
        min(case when action_code = 3 then at_epoch end) as first_reopen_at_epoch,
        max(case when state_set is not null then at_epoch end) as state_set_at_epoch,
        min(case when state_set = 1 then at_epoch end) as first_close_at_epoch,
        min(case when state_set = 1 then place end) as first_close_place,
        max(case when state_set = 1 then at_epoch end) as last_close_at_epoch,
        max(case when state_set = 1 then place end) as last_close_place,
        max(case when action_code in (2, 3, 4) then place end) as last_reopen_place,  -- or snooze
        min(case when is_part = 1 then at_epoch end) as first_part_at_epoch,
        max(at_epoch) as last_at_epoch,
        max(case when to_role is not null then at_epoch end) as assigned_at_epoch,
        max(case when to_role is not null then place end) as assigned_place,
        max(case when to_role = 'team' then place end) as team_assigned_place
    from ordered
    group by conversation_id
),

began_closed as (
    select
        landmarks.conversation_id,
        landmarks.first_reopen_at_epoch,
        landmarks.first_action_place_code - 3 as first_reopen_place  -- NULL: there was no action
    from landmarks
    inner join conversations on landmarks.conversation_id = conversations.conversation_id
    where
        conversations.is_outbound
        and landmarks.is_begun_by_customer = 0
        and (
            (
                landmarks.first_action_place_code % 8 = 3
                -- a close that Intercom knows of before that says that it was open
                and coalesce(
                    coalesce(
                        conversations.statistics_first_close_at_epoch, conversations.statistics_last_close_at_epoch
                    ) >= landmarks.first_reopen_at_epoch,
                    true
                )
            )
            or (
                landmarks.first_action_place_code is null
                and conversations.state = 'closed'
                and conversations.statistics_first_close_at_epoch is null
                and conversations.statistics_last_close_at_epoch is null
                -- an answer would have opened it; without statistics nobody says that nothing closed it afterwards
                and (
                    landmarks.last_message_place is null
                    or conversations.statistics_count_conversation_parts is not null
                )
            )
        )
),

-- a customer's answer may be a message and, at most a minute later, the part that opens; nothing before them opens it
beginnings as (
    select
        began_closed.conversation_id,
        began_closed.first_reopen_place,
        min(
            case when ordered.at_epoch >= began_closed.first_reopen_at_epoch - 60 then ordered.place end
        ) as opened_place  -- NULL: nothing has opened it
    from began_closed
    left join ordered
        on began_closed.conversation_id = ordered.conversation_id
        and ordered.is_part = 1
        and ordered.state_set is not null
    group by began_closed.conversation_id, began_closed.first_reopen_place
),

last_states as (
    select
        landmarks.conversation_id,
        case
            when began_closed.conversation_id is not null and began_closed.first_reopen_place is null then 1
            else landmarks.state_code
        end as state_code,
        landmarks.state_set_at_epoch,
        landmarks.first_close_at_epoch,
        landmarks.last_close_at_epoch,
        landmarks.last_close_place,
        landmarks.last_reopen_place,
        landmarks.first_part_at_epoch,
        landmarks.last_at_epoch,
        landmarks.assigned_at_epoch,
        landmarks.assigned_place,
        landmarks.team_assigned_place
    from landmarks
    left join began_closed on landmarks.conversation_id = began_closed.conversation_id
),

assignments as (
    select conversation_id, place, to_role, to_id
    from ordered
    where to_role is not null
),

-- every assignment sets the teammate (to a team, a bot or nobody: to none), only one to a team sets the team; where older
-- parts are missing and none of those that are loaded sets it, the conversation has had its team all along
last_owners as (
    select
        last_states.conversation_id,
        last_states.assigned_at_epoch,
        to_teammates.to_id as admin_id,
        completeness.is_truncated_at_500 and last_states.team_assigned_place is null as has_kept_team,
        to_teams.to_id as team_id
    from last_states
    inner join qa_conversation_completeness as completeness
        on last_states.conversation_id = completeness.conversation_id
    left join assignments as to_teammates
        on last_states.conversation_id = to_teammates.conversation_id
        and last_states.assigned_place = to_teammates.place
        and to_teammates.to_role = 'teammate'
    left join assignments as to_teams
        on last_states.conversation_id = to_teams.conversation_id
        and last_states.team_assigned_place = to_teams.place
        and to_teams.to_role = 'team'
    where last_states.assigned_at_epoch is not null
),

-- the closes in Intercom's statistics that may be none of the parts': nearly all are the first or the last of these
stated_closes as (
    select
        conversations.conversation_id,
        'first_close' as event_id,
        conversations.statistics_first_close_at_epoch as at_epoch
    from conversations
    inner join last_states on conversations.conversation_id = last_states.conversation_id
    inner join qa_conversation_completeness as completeness
        on conversations.conversation_id = completeness.conversation_id
    where
        conversations.statistics_first_close_at_epoch <> coalesce(last_states.first_close_at_epoch, -1)
        and conversations.statistics_first_close_at_epoch
        <> coalesce(conversations.statistics_last_close_at_epoch, -1)
        -- what happened among missing parts is not known, nor what came after it
        and (
            completeness.has_all_parts
            or conversations.statistics_first_close_at_epoch >= last_states.first_part_at_epoch
        )
    union all
    select
        conversations.conversation_id,
        'last_close' as event_id,
        conversations.statistics_last_close_at_epoch as at_epoch
    from conversations
    inner join last_states on conversations.conversation_id = last_states.conversation_id
    inner join qa_conversation_completeness as completeness
        on conversations.conversation_id = completeness.conversation_id
    where
        (
            conversations.statistics_last_close_at_epoch <> coalesce(last_states.last_close_at_epoch, -1)
            or last_states.state_code = 0
        )
        and (
            completeness.has_all_parts
            or conversations.state = 'closed'
            or conversations.statistics_last_close_at_epoch >= last_states.first_part_at_epoch
        )
),

-- what sets a state where customers have written into a closed conversation
states_around_messages as (
    select
        ordered.conversation_id,
        ordered.place,
        ordered.at_epoch,
        ordered.is_plain_message,
        max(case when ordered.action_code <= 4 then ordered.place + ordered.action_code end) over (
            partition by ordered.conversation_id order by ordered.place
            rows between unbounded preceding and 1 preceding
        ) % 8 as last_action_code,
        max(case when ordered.action_code <= 4 then ordered.at_epoch end) over (
            partition by ordered.conversation_id order by ordered.place
            rows between unbounded preceding and 1 preceding
        ) as last_action_at_epoch,
        min(case when ordered.action_code <= 4 then ordered.place + ordered.action_code end) over (
            partition by ordered.conversation_id order by ordered.place
            rows between 1 following and unbounded following
        ) % 8 as next_action_code,
        min(case when ordered.action_code <= 4 then ordered.at_epoch end) over (
            partition by ordered.conversation_id order by ordered.place
            rows between 1 following and unbounded following
        ) as next_action_at_epoch,
        lead(ordered.state_set) over (partition by ordered.conversation_id order by ordered.place) as next_state_code,
        conversations.statistics_first_close_at_epoch as first_close_at_epoch,  -- those that Intercom knows of
        conversations.statistics_last_close_at_epoch as last_close_at_epoch
    from landmarks
    inner join conversations on landmarks.conversation_id = conversations.conversation_id
    inner join ordered on landmarks.conversation_id = ordered.conversation_id
    where
        ordered.state_set is not null
        and landmarks.last_message_place is not null
        and (
            (
                landmarks.last_message_place > landmarks.first_close_place
                and landmarks.last_reopen_place > landmarks.first_close_place
            )
            -- a close that left no part may come before every part that closes
            or conversations.statistics_first_close_at_epoch <> coalesce(landmarks.first_close_at_epoch, -1)
            or conversations.statistics_last_close_at_epoch <> coalesce(landmarks.last_close_at_epoch, -1)
        )
),

-- messages after a close, also one without a part, that open nothing, though the conversation was opened later
messages_that_open_nothing as (
    select conversation_id, place
    from states_around_messages
    where
        is_plain_message
        and (
            -- a part that opens it proves that it was closed until then, unless Intercom knows of a close in between
            (
                (
                    last_action_code = 1
                    or (first_close_at_epoch > coalesce(last_action_at_epoch, 0) and first_close_at_epoch <= at_epoch)
                    or (last_close_at_epoch > coalesce(last_action_at_epoch, 0) and last_close_at_epoch <= at_epoch)
                )
                and next_action_code = 3
                and next_action_at_epoch > at_epoch + 60
                and not coalesce(first_close_at_epoch >= at_epoch and first_close_at_epoch < next_action_at_epoch, false)
                and not coalesce(last_close_at_epoch >= at_epoch and last_close_at_epoch < next_action_at_epoch, false)
            )
            -- Intercom says of the close before that it came after the message
            or (
                last_action_code = 1
                and next_state_code = 0
                and (
                    (first_close_at_epoch >= at_epoch and first_close_at_epoch <= last_action_at_epoch + 60)
                    or (last_close_at_epoch >= at_epoch and last_close_at_epoch <= last_action_at_epoch + 60)
                )
            )
        )
),

-- what the parts say of those moments
parts_around_closes as (
    select
        stated.conversation_id,
        stated.event_id,
        stated.at_epoch,
        max(case when ordered.at_epoch <= stated.at_epoch then ordered.place end) as place,
        max(case when ordered.at_epoch <= stated.at_epoch then ordered.place + ordered.state_set end) % 8
            as state_code,
        max(case when ordered.at_epoch = stated.at_epoch and ordered.state_set = 1 then 1 else 0 end)
            as is_of_a_part,
        -- a close that a part shows a moment before, with nothing but a customer's messages in between, is the same one
        max(
            case when ordered.at_epoch <= stated.at_epoch and ordered.action_code <= 4
                then ordered.place + ordered.action_code
            end
        ) % 8 = 1
        and max(
            case when ordered.at_epoch <= stated.at_epoch and ordered.action_code <= 4 then ordered.at_epoch end
        ) >= stated.at_epoch - 60 as is_of_the_part_before,
        max(case when ordered.at_epoch <= stated.at_epoch and ordered.action_code = 1 then ordered.place end)
            as close_place,
        min(case when ordered.at_epoch > stated.at_epoch then ordered.place + ordered.state_set end) % 8
            as next_state_code,
        min(case when ordered.at_epoch > stated.at_epoch and ordered.state_set = 1 then ordered.at_epoch end)
            as next_close_at_epoch
    from stated_closes as stated
    inner join ordered on stated.conversation_id = ordered.conversation_id
    group by stated.conversation_id, stated.event_id, stated.at_epoch
),

unseen_closes as (
    select conversation_id, event_id, at_epoch, next_state_code
    from parts_around_closes
    where
        state_code <> 1
        and is_of_a_part = 0
        and not coalesce(is_of_the_part_before, false)
        -- a close that a part shows a moment later, with nothing in between that opened it, is the same one
        and not coalesce(next_state_code = 1 and next_close_at_epoch <= at_epoch + 60, false)
),

last_unseen_closes as (
    select
        conversation_id,
        max(at_epoch) as at_epoch,
        max(case when next_state_code is null then 1 else 0 end) as is_closed
    from unseen_closes
    group by conversation_id
),

-- closed ones in which nothing but a customer's message comes after the last close that Intercom knows of: it stayed closed
stayed_closed as (
    select conversation_id, place
    from (
        select
            conversations.conversation_id,
            last_states.last_reopen_place,
            case
                when last_states.last_close_at_epoch >= around.at_epoch then last_states.last_close_place
                when around.is_of_the_part_before then around.close_place
                else around.place
            end as place
        from conversations
        inner join last_states on conversations.conversation_id = last_states.conversation_id
        inner join parts_around_closes as around
            on conversations.conversation_id = around.conversation_id
            and around.event_id = 'last_close'
        where
            conversations.state = 'closed'
            and last_states.state_code = 0
            and coalesce(last_states.last_close_at_epoch <= around.at_epoch + 60, true)
    ) as last_closes
    where place is not null and coalesce(last_reopen_place <= place, true)
),

inferred_states as (
    select
        conversations.conversation_id,
        case
            when conversations.state <> 'closed' and last_unseen_closes.at_epoch > last_states.last_at_epoch
                then last_unseen_closes.at_epoch
            when conversations.state <> 'closed' then last_states.last_at_epoch
            when conversations.statistics_last_close_at_epoch >= last_states.state_set_at_epoch
                then conversations.statistics_last_close_at_epoch
            when conversations.updated_at_epoch >= last_states.last_at_epoch then conversations.updated_at_epoch
            else last_states.last_at_epoch
        end as at_epoch,
        case conversations.state when 'open' then 0 when 'closed' then 1 when 'snoozed' then 2 end as state_set,
        coalesce(
            conversations.state = 'closed'
            and conversations.statistics_last_close_at_epoch >= last_states.state_set_at_epoch,
            false
        ) as is_last_close
    from conversations
    inner join last_states on conversations.conversation_id = last_states.conversation_id
    left join last_unseen_closes on conversations.conversation_id = last_unseen_closes.conversation_id
    left join stayed_closed on conversations.conversation_id = stayed_closed.conversation_id
    where
        conversations.state in ('open', 'closed', 'snoozed')
        and conversations.state <> case
            when stayed_closed.conversation_id is not null or last_unseen_closes.is_closed = 1 then 'closed'
            when last_states.state_code = 0 then 'open'
            when last_states.state_code = 1 then 'closed'
            else 'snoozed'
        end
),

inferred_owners as (
    select
        conversations.conversation_id,
        case
            when conversations.statistics_last_assignment_at_epoch >= last_owners.assigned_at_epoch
                then conversations.statistics_last_assignment_at_epoch
            else last_states.last_at_epoch
        end as at_epoch,
        conversations.owner_admin_id as to_admin_id,
        conversations.team_assignee_id as to_team_id,
        case
            when conversations.owner_admin_id is not null then 'teammate'
            when conversations.team_assignee_id is not null then 'team'
            else 'nobody'
        end as to_role
    from conversations
    inner join last_states on conversations.conversation_id = last_states.conversation_id
    inner join last_owners on conversations.conversation_id = last_owners.conversation_id
    where
        coalesce(conversations.owner_admin_id, '') <> coalesce(last_owners.admin_id, '')
        or (
            not last_owners.has_kept_team
            and coalesce(conversations.team_assignee_id, '') <> coalesce(last_owners.team_id, '')
        )
),

inferences as (
    select
        conversation_id,
        'state' as event_id,
        at_epoch,
        is_last_close,
        case state_set when 0 then 3 else state_set end as action_code,
        state_set,
        cast(null as varchar) as to_role,
        cast(null as varchar) as to_admin_id,
        cast(null as varchar) as to_team_id
    from inferred_states
    union all
    select
        unseen_closes.conversation_id,
        unseen_closes.event_id,
        unseen_closes.at_epoch,
        unseen_closes.event_id = 'last_close' as is_last_close,
        1 as action_code,
        1 as state_set,
        cast(null as varchar) as to_role,
        cast(null as varchar) as to_admin_id,
        cast(null as varchar) as to_team_id
    from unseen_closes
    union all
    select
        conversation_id,
        'owner' as event_id,
        at_epoch,
        false as is_last_close,
        5 as action_code,
        cast(null as integer) as state_set,
        to_role,
        to_admin_id,
        to_team_id
    from inferred_owners
),

-- Intercom names the teammate of the last close by one, who made the last close of all if none of the parts is that close
closers as (
    select conversations.conversation_id, conversations.closer_role, conversations.statistics_last_closed_by_id as author_id
    from conversations
    left join ordered as own_closes
        on conversations.conversation_id = own_closes.conversation_id
        and conversations.statistics_last_closed_by_id = own_closes.author_id
        and own_closes.action_code = 1
    where conversations.statistics_last_closed_by_id is not null and own_closes.conversation_id is null
),

-- after the last message or part of its time
inferred_places as (
    select inferences.conversation_id, inferences.event_id, max(ordered.place) as place
    from inferences
    inner join ordered
        on inferences.conversation_id = ordered.conversation_id and ordered.at_epoch <= inferences.at_epoch
    group by inferences.conversation_id, inferences.event_id
),

all_events as (
    -- a conversation without assignments belongs to its teammate and team from the opening message on
    select
        ordered.conversation_id,
        ordered.event_id,
        ordered.part_type,
        ordered.is_part,
        ordered.at_epoch,
        ordered.author_role,
        ordered.author_id,
        ordered.is_fin,
        ordered.is_customer_message,
        ordered.is_reply,
        ordered.is_bot_reply,
        ordered.is_assignment,
        ordered.action_code,
        ordered.to_role,
        case when last_owners.conversation_id is null then conversations.owner_admin_id end as to_admin_id,
        case
            when last_owners.conversation_id is null or last_owners.has_kept_team then conversations.team_assignee_id
        end as to_team_id,
        ordered.place,
        case when beginnings.conversation_id is null then ordered.state_set else 1 end as state_set,
        false as is_first_opening
    from ordered
    inner join conversations on ordered.conversation_id = conversations.conversation_id
    left join last_owners on ordered.conversation_id = last_owners.conversation_id
    left join beginnings on ordered.conversation_id = beginnings.conversation_id
    where ordered.place = 0
    union all
    select
        ordered.conversation_id,
        ordered.event_id,
        ordered.part_type,
        ordered.is_part,
        ordered.at_epoch,
        ordered.author_role,
        ordered.author_id,
        ordered.is_fin,
        ordered.is_customer_message,
        ordered.is_reply,
        ordered.is_bot_reply,
        ordered.is_assignment,
        case when ordered.place = beginnings.first_reopen_place then 7 else ordered.action_code end as action_code,
        ordered.to_role,
        case when ordered.to_role = 'teammate' then ordered.to_id end as to_admin_id,
        case when ordered.to_role = 'team' then ordered.to_id end as to_team_id,
        ordered.place,
        case
            when stayed_closed.place < ordered.place then null
            when messages_that_open_nothing.place is not null then null
            when beginnings.conversation_id is not null and coalesce(ordered.place < beginnings.opened_place, true)
                then null
            else ordered.state_set
        end as state_set,
        coalesce(ordered.place = beginnings.opened_place, false) as is_first_opening
    from ordered
    left join stayed_closed on ordered.conversation_id = stayed_closed.conversation_id
    left join beginnings on ordered.conversation_id = beginnings.conversation_id
    left join messages_that_open_nothing
        on ordered.conversation_id = messages_that_open_nothing.conversation_id
        and ordered.place = messages_that_open_nothing.place
    where ordered.place > 0
    union all
    select
        inferences.conversation_id,
        inferences.event_id,
        cast(null as varchar) as part_type,
        1 as is_part,
        inferences.at_epoch,
        coalesce(closers.closer_role, 'unknown') as author_role,
        closers.author_id,
        false as is_fin,
        false as is_customer_message,
        false as is_reply,
        false as is_bot_reply,
        false as is_assignment,
        inferences.action_code,
        inferences.to_role,
        inferences.to_admin_id,
        inferences.to_team_id,
        -- between two places: up to four of them may follow the same part, in the order of their times, the close first, the owner last
        inferred_places.place + row_number() over (
            partition by inferences.conversation_id
            order by inferences.at_epoch, inferences.action_code, inferences.event_id
        ) as place,
        inferences.state_set,
        false as is_first_opening
    from inferences
    inner join inferred_places
        on inferences.conversation_id = inferred_places.conversation_id
        and inferences.event_id = inferred_places.event_id
    left join closers on inferences.conversation_id = closers.conversation_id and inferences.is_last_close
),

with_states as (
    select
        all_events.*,
        row_number() over (partition by conversation_id order by place) - 1 as seq,
        -- places of inferred events are in no steps of 8 any more
        max(8 * place + state_set) over (
            partition by conversation_id order by place rows between unbounded preceding and current row
        ) % 8 as code_after,
        max(8 * place + state_set) over (
            partition by conversation_id order by place rows between unbounded preceding and 1 preceding
        ) % 8 as code_before
    from all_events
)

select
    conversation_id,
    event_id,  -- id of the part; 'source' for the opening message, 'first_close', 'last_close', 'state' or 'owner' for an inferred event
    cast(seq as bigint) as seq,  -- 0 is the opening message
    to_timestamp(at_epoch) as happened_at,
    at_epoch,
    -- what the event did to the conversation, else what was said; a close with a text is 'close' and is_reply
    case
        when action_code = 1 then 'close'
        when action_code = 2 then 'snooze'
        when action_code = 3 then 'reopen'
        when action_code = 7 then 'open'
        when action_code = 4 then 'unsnooze'
        when action_code = 5 then 'assign'
        when action_code = 6 then 'note'
        when is_customer_message then 'customer_message'
        when is_reply then 'reply'
        when is_bot_reply then 'bot_reply'
        else 'other'
    end as kind,
    coalesce(part_type, 'inferred') as part_type,  -- Intercom's word; 'source' for the opening message, 'inferred' for an inferred event
    part_type is null as is_inferred,  -- no part shows it, only the conversation's own fields
    author_role,  -- customer, teammate, bot, team, other, or unknown (of an inferred event)
    author_id,
    is_customer_message,  -- the opening by a customer, or a comment, quick reply or reopening text by one
    is_reply,  -- a teammate's part with text or file, of a type whose text the customer sees
    is_bot_reply,  -- a bot's part with text or file, of such a type
    is_assignment,  -- a part that assigns
    is_fin,
    to_role,  -- of an assignment: teammate, team, bot or nobody
    to_admin_id,  -- NULL where it is assigned: to no teammate
    to_team_id,
    is_part = 0 or to_role is not null as sets_teammate,  -- to_admin_id has it from here on; NULL: nobody
    is_part = 0 or coalesce(to_role = 'team', false) or event_id = 'owner' as sets_team,  -- to_team_id has it from here on; NULL: none
    is_first_opening,  -- it opens a conversation that began closed, which is no reopening
    case code_before when 0 then 'open' when 1 then 'closed' when 2 then 'snoozed' end as state_before,
    case code_after when 0 then 'open' when 1 then 'closed' when 2 then 'snoozed' end as state_after
from with_states
