-- One row per turn: a customer asked, and how long it took until a teammate replied. Subsequent turns: neither is_first nor is_opened_again.
-- question: How long do customers wait in the middle of a conversation?
-- incremental: conversation_id
select
    int_turns.conversation_id,  -- see fct_conversations
    int_turns.turn,  -- 1, 2, ... within the conversation
    int_turns.is_first,  -- the first of the conversation
    int_turns.is_opened_again,  -- the question of the turn before, which was closed unanswered and opened again without a new message
    fct_conversations.conversation_url,  -- opens it in Intercom's inbox
    fct_conversations.direction,  -- of the conversation: inbound or outbound_replied
    fct_conversations.channel,  -- of the conversation
    coalesce(fct_conversations.team_assignee_id, 'none') as team_id,  -- the team that has the conversation now; 'none': no team
    fct_conversations.team_name,  -- of team_id
    coalesce(int_turns.asked_team_id, 'none') as asked_team_id,  -- the team that had it when the customer asked; 'none': no team
    stg_teams.name as asked_team_name,  -- of asked_team_id
    int_turns.answered_by_admin_id as admin_id,  -- who replied; NULL: nobody
    int_staff.name as admin_name,  -- of admin_id
    fct_conversations.contact_id,  -- of the conversation
    int_turns.asked_at,  -- the first message that waited for this reply; when it was opened, where that is_opened_again
    int_turns.asked_at_epoch,  -- in unix seconds
    local_slots.day as asked_on,  -- in the workspace's time zone, as hour and weekday
    local_slots.hour as asked_hour,  -- 0 to 23
    local_slots.weekday as asked_weekday,  -- 1 Monday to 7 Sunday
    int_turns.answered_at,  -- the reply; NULL: none
    int_turns.answered_at_epoch,  -- in unix seconds
    int_turns.ended_at,  -- by the reply or by a close; NULL: still waiting
    int_turns.response_seconds,  -- asked_at to the reply; NULL: none came before a close
    int_turns.response_business_seconds,  -- the same in the working hours of the team that had it when the customer asked
    int_turns.waited_seconds,  -- until the reply or the close, or until now
    int_turns.waited_business_seconds,  -- the same in those working hours
    int_turns.count_customer_messages,  -- messages of this turn that waited for this reply
    int_turns.outcome  -- answered, closed_unanswered (closed before anybody replied) or waiting
from int_turns
inner join fct_conversations on int_turns.conversation_id = fct_conversations.conversation_id
left join stg_teams on int_turns.asked_team_id = stg_teams.team_id
left join int_staff on int_turns.answered_by_admin_id = int_staff.staff_id
left join local_slots on cast(floor(int_turns.asked_at_epoch / 900) as bigint) = local_slots.slot_id
