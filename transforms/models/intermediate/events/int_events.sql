-- One row per event of a conversation: the opening message (seq 0), every part, and events that only the conversation's own fields show.
-- Order: time, and within a second the part's id; an inferred event comes after the parts of its time.
-- A customer's message opens a closed conversation, unless Intercom says that it has stayed closed, or a part that opens it
-- comes later: a message and its own opening are a minute apart at most.
-- incremental: conversation_id
-- halves: all that is said of conversations waits for it
with

all_events as (
    -- a conversation without assignments belongs to its teammate and team from the opening message on
    select
        parts.conversation_id,
        parts.event_id,
        parts.part_type,
        parts.is_part,
        parts.at_epoch,
        parts.author_role,
        parts.author_id,
        parts.is_fin,
        parts.is_customer_message,
        parts.is_reply,
        parts.is_bot_reply,
        parts.is_assignment,
        parts.action_code,
        parts.to_role,
        case when last_owners.conversation_id is null then conversations.owner_admin_id end as to_admin_id,
        case
            when last_owners.conversation_id is null or last_owners.has_kept_team then conversations.team_assignee_id
        end as to_team_id,
        parts.place,
        case when landmarks.has_begun_closed then 1 else parts.state_set end as state_set,
        false as is_first_opening
    from int_ordered_parts as parts
    inner join int_classified_conversations as conversations
        on parts.conversation_id = conversations.conversation_id
    inner join int_part_landmarks as landmarks on parts.conversation_id = landmarks.conversation_id
    left join int_last_owners as last_owners on parts.conversation_id = last_owners.conversation_id
    where parts.place = 0
    union all
    select
        parts.conversation_id,
        parts.event_id,
        parts.part_type,
        parts.is_part,
        parts.at_epoch,
        parts.author_role,
        parts.author_id,
        parts.is_fin,
        parts.is_customer_message,
        parts.is_reply,
        parts.is_bot_reply,
        parts.is_assignment,
        case when parts.place = landmarks.first_reopen_place then 7 else parts.action_code end as action_code,
        parts.to_role,
        case when parts.to_role = 'teammate' then parts.to_id end as to_admin_id,
        case when parts.to_role = 'team' then parts.to_id end as to_team_id,
        parts.place,
        case
            when stayed_closed.place < parts.place then null
            when ignored_messages.place is not null then null
            when landmarks.has_begun_closed and coalesce(parts.place < landmarks.opened_place, true) then null
            else parts.state_set
        end as state_set,
        coalesce(parts.place = landmarks.opened_place, false) as is_first_opening
    from int_ordered_parts as parts
    left join int_stayed_closed as stayed_closed on parts.conversation_id = stayed_closed.conversation_id
    inner join int_part_landmarks as landmarks on parts.conversation_id = landmarks.conversation_id
    left join int_ignored_messages as ignored_messages
        on parts.conversation_id = ignored_messages.conversation_id
        and parts.place = ignored_messages.place
    where parts.place > 0
    union all
    select
        conversation_id,
        event_id,
        cast(null as varchar) as part_type,
        1 as is_part,
        at_epoch,
        author_role,
        author_id,
        false as is_fin,
        false as is_customer_message,
        false as is_reply,
        false as is_bot_reply,
        false as is_assignment,
        action_code,
        to_role,
        to_admin_id,
        to_team_id,
        place,
        state_set,
        false as is_first_opening
    from int_inferred_events
),

with_states as (
    select
        all_events.*,
        -- PostgreSQL goes over all rows once for each frame
        count(*) over (
            partition by conversation_id order by place rows between unbounded preceding and current row
        ) - 1 as seq,
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
    is_customer_message,  -- the opening by a customer, or a comment, quick reply, reopening text or answer to a bot's form by one
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
