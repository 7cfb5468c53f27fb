-- One row per turn: from the first customer message that nobody has answered yet to the next reply or close, whichever is first.
-- Conversations of which parts are missing have no turns: what is missing could be the answer. A message that left the
-- conversation closed ("Thanks!") asks nothing, unless it was answered, or a teammate opened the conversation after it.
-- What was closed unanswered waits again from the moment on at which it is opened without a new message, unless a reply opens it;
-- a customer's own opening in the minute before the message is none of these.
-- incremental: conversation_id
with

messages as (
    select
        int_events.conversation_id,
        int_events.seq,
        int_events.at_epoch,
        int_events.author_id,
        int_events.is_customer_message,
        int_events.is_reply,
        int_events.is_customer_message and int_events.state_after <> 'closed' as is_question,
        int_events.state_before = 'closed' and int_events.state_after <> 'closed' as is_opening,
        -- without words of anybody: a customer's message and its own opening are a minute apart at most
        int_events.state_before = 'closed'
        and int_events.state_after <> 'closed'
        and not int_events.is_customer_message
        and not int_events.is_reply
        and not (
            int_events.author_role = 'customer'
            and coalesce(
                lead(case when int_events.is_customer_message then int_events.at_epoch end) over (
                    partition by int_events.conversation_id order by int_events.seq
                ) <= int_events.at_epoch + 60, false
            )
        ) as is_silent_opening,
        int_events.is_reply or int_events.kind = 'close' as is_end,
        -- how many replies and closes came before: constant from one to the next, which it includes
        coalesce(
            sum(case when int_events.is_reply or int_events.kind = 'close' then 1 else 0 end) over (
                partition by int_events.conversation_id order by int_events.seq
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as count_earlier_ends
    from int_events
    inner join qa_conversation_completeness
        on int_events.conversation_id = qa_conversation_completeness.conversation_id
    where
        qa_conversation_completeness.has_all_parts
        and (
            int_events.is_customer_message
            or int_events.is_reply
            or int_events.kind = 'close'
            or (int_events.state_before = 'closed' and int_events.state_after <> 'closed')
        )
),

exchanges as (
    select
        conversation_id,
        count_earlier_ends,
        min(case when is_customer_message then seq end) as message_seq,
        min(case when is_customer_message then at_epoch end) as message_at_epoch,
        min(case when is_question then seq end) as question_seq,
        min(case when is_question then at_epoch end) as question_at_epoch,
        min(case when is_silent_opening then seq end) as opening_seq,
        min(case when is_silent_opening then at_epoch end) as opening_at_epoch,
        max(case when is_end then at_epoch end) as ended_at_epoch,
        max(case when is_reply then at_epoch end) as answered_at_epoch,
        max(case when is_reply then author_id end) as answered_by_admin_id,
        sum(case when is_customer_message then 1 else 0 end) as count_customer_messages,
        max(case when is_end or is_question or is_opening then 1 else 0 end) as is_asking
    from messages
    group by conversation_id, count_earlier_ends
),

-- is there a customer's message to which no reply has come in all the exchanges before?
owed as (
    select
        exchanges.*,
        coalesce(
            max(case when message_seq is not null then count_earlier_ends end) over (
                partition by conversation_id order by count_earlier_ends
                rows between unbounded preceding and 1 preceding
            ) > coalesce(
                max(case when answered_at_epoch is not null then count_earlier_ends end) over (
                    partition by conversation_id order by count_earlier_ends
                    rows between unbounded preceding and 1 preceding
                ), -1
            ), false
        ) as is_owed
    from exchanges
),

continued as (
    select
        owed.*,
        is_owed and coalesce(opening_seq < coalesce(question_seq, message_seq, opening_seq + 1), false)
            as is_opened_again
    from owed
),

numbered as (
    select
        continued.*,
        row_number() over (partition by conversation_id order by count_earlier_ends) as turn,
        sum(case when is_opened_again then 0 else 1 end) over (
            partition by conversation_id order by count_earlier_ends
            rows between unbounded preceding and current row
        ) as question
    from continued
    where (message_at_epoch is not null and is_asking = 1) or is_opened_again
),

-- a "Thanks!" that left it closed is not the next question; the first turn begins with the first message of all
turns as (
    select
        numbered.*,
        case
            when is_opened_again then opening_seq
            when turn > 1 and question_seq is not null then question_seq
            else message_seq
        end as asked_seq,
        case
            when is_opened_again then opening_at_epoch
            when turn > 1 and question_seq is not null then question_at_epoch
            else message_at_epoch
        end as asked_at_epoch,
        case
            when turn > 1 and question_seq is not null then question_at_epoch else message_at_epoch
        end as written_at_epoch
    from numbered
),

-- the working hours are those of the team that had the conversation when it was asked: when that second was over, because
-- a workflow gives a conversation to its team in the second in which it begins
with_teams as (
    select
        turns.*,
        owners.team_id,
        int_schedule_clocks.schedule_id,
        int_schedule_clocks.now_epoch,
        int_schedule_clocks.now_business_clock_seconds
    from turns
    inner join int_assignment_spans as owners
        on turns.conversation_id = owners.conversation_id
        and turns.asked_at_epoch >= owners.from_epoch
        and (owners.to_epoch is null or turns.asked_at_epoch < owners.to_epoch)
    left join team_schedules on owners.team_id = team_schedules.team_id
    inner join int_schedule_clocks
        on coalesce(team_schedules.schedule_id, 'default') = int_schedule_clocks.schedule_id
),

measured as (
    select
        with_teams.*,
        case
            when with_teams.ended_at_epoch is not null then with_teams.ended_at_epoch
            when with_teams.now_epoch < with_teams.asked_at_epoch then with_teams.asked_at_epoch
            else with_teams.now_epoch
        end - with_teams.asked_at_epoch as waited_seconds,
        case
            when with_teams.ended_at_epoch is not null
                then ended_slots.clock_offset_seconds + ended_slots.is_open * with_teams.ended_at_epoch
                - asked_slots.clock_offset_seconds - asked_slots.is_open * with_teams.asked_at_epoch
            when with_teams.now_epoch < with_teams.asked_at_epoch then 0
            else with_teams.now_business_clock_seconds
                - asked_slots.clock_offset_seconds - asked_slots.is_open * with_teams.asked_at_epoch
        end as waited_business_seconds
    from with_teams
    left join business_slots as asked_slots
        on with_teams.schedule_id = asked_slots.schedule_id
        and cast(floor(with_teams.asked_at_epoch / 900) as bigint) = asked_slots.slot_id
    left join business_slots as ended_slots
        on with_teams.schedule_id = ended_slots.schedule_id
        and cast(floor(with_teams.ended_at_epoch / 900) as bigint) = ended_slots.slot_id
)

select
    conversation_id,
    cast(turn as bigint) as turn,  -- 1, 2, ... within the conversation
    cast(question as bigint) as question,  -- 1, 2, ... within the conversation: one that is opened again has several turns
    is_opened_again,  -- the question of the turn before, which was closed unanswered and opened again
    asked_seq,  -- the event that asked, or opened it again
    to_timestamp(asked_at_epoch) as asked_at,
    asked_at_epoch,
    written_at_epoch,  -- the customer's message that asked; NULL: opened again, and no new one has come
    team_id as asked_team_id,  -- the team that had the conversation then; NULL: none
    to_timestamp(answered_at_epoch) as answered_at,  -- NULL: no teammate has replied; bots do not answer a turn
    answered_at_epoch,
    answered_by_admin_id,
    to_timestamp(ended_at_epoch) as ended_at,  -- by the reply or the close; NULL: still waiting
    ended_at_epoch,
    case when answered_at_epoch is not null then waited_seconds end as response_seconds,
    case when answered_at_epoch is not null then waited_business_seconds end as response_business_seconds,
    waited_seconds,  -- until the reply or the close, or until now
    waited_business_seconds,
    turn = 1 as is_first,
    cast(count_customer_messages as bigint) as count_customer_messages,
    case
        when answered_at_epoch is not null then 'answered'
        when ended_at_epoch is not null then 'closed_unanswered'
        else 'waiting'
    end as outcome  -- answered, closed_unanswered (closed before anybody replied) or waiting
from measured
