-- One row per handover: a conversation goes from one owner to another, from a bot to its first teammate, or back to nobody.
-- Conversations of which parts are missing have none: what is missing could be another owner.
-- question: Between which teams are conversations passed on, and which bounce back?
-- incremental: conversation_id
with

first_bot_acts as (
    select conversation_id, min(seq) as seq
    from int_events
    where is_bot_reply or to_role = 'bot' or (seq = 0 and author_role = 'bot')
    group by conversation_id
),

first_teammates as (
    select conversation_id, min(span) as span
    from int_assignment_spans
    where admin_id is not null
    group by conversation_id
),

to_teams as (
    select conversation_id, seq, is_inferred
    from int_events
    where to_role = 'team'
),

owners as (
    select
        int_assignment_spans.conversation_id,
        int_assignment_spans.span,
        int_assignment_spans.first_seq,
        int_assignment_spans.from_epoch,
        int_assignment_spans.admin_id,
        int_assignment_spans.team_id,
        int_assignment_spans.previous_admin_id as from_admin_id,
        int_assignment_spans.previous_team_id as from_team_id,
        -- an inferred event says only who has it now: where the team is the same, nobody is known to have handed it over
        to_teams.seq is not null and (
            not to_teams.is_inferred
            or coalesce(int_assignment_spans.team_id <> int_assignment_spans.previous_team_id, true)
        ) as is_given_to_team
    from int_assignment_spans
    left join to_teams
        on int_assignment_spans.conversation_id = to_teams.conversation_id
        and int_assignment_spans.first_seq = to_teams.seq
    inner join qa_conversation_completeness
        on int_assignment_spans.conversation_id = qa_conversation_completeness.conversation_id
    where qa_conversation_completeness.has_all_parts and int_assignment_spans.span > 1
),

with_kinds as (
    select
        owners.*,
        case
            when owners.from_admin_id <> owners.admin_id then 'teammate_to_teammate'
            when owners.from_team_id <> owners.team_id then 'team_to_team'
            -- also to the team that has had it all along: the conversation goes back into its queue
            when owners.from_admin_id is not null and owners.is_given_to_team then 'teammate_to_team'
            when owners.from_admin_id is not null and owners.admin_id is null then 'to_unassigned'
            -- a bot may say with its assignment who will help
            when owners.span = first_teammates.span and first_bot_acts.seq <= owners.first_seq
                then 'bot_to_teammate'
        end as kind
    from owners
    left join first_bot_acts on owners.conversation_id = first_bot_acts.conversation_id
    left join first_teammates on owners.conversation_id = first_teammates.conversation_id
),

handovers as (
    select
        with_kinds.*,
        row_number() over (partition by conversation_id order by span) as handover,
        lead(admin_id) over (partition by conversation_id, kind order by span) as next_admin_id,
        lead(team_id) over (partition by conversation_id, kind order by span) as next_team_id
    from with_kinds
    where kind is not null
),

first_replies as (
    select
        handovers.conversation_id,
        handovers.handover,
        min(int_events.at_epoch) as at_epoch
    from handovers
    inner join int_events
        on handovers.conversation_id = int_events.conversation_id
        and int_events.is_reply
        -- who hands over to a team may say so; a teammate may take over with a reply
        and (
            (handovers.kind in ('team_to_team', 'teammate_to_team') and int_events.seq > handovers.first_seq)
            or (
                handovers.kind not in ('team_to_team', 'teammate_to_team')
                and int_events.seq >= handovers.first_seq
                and int_events.author_id = handovers.admin_id
            )
        )
    where handovers.kind <> 'to_unassigned'
    group by handovers.conversation_id, handovers.handover
)

select
    handovers.conversation_id,  -- see fct_conversations
    cast(handovers.handover as bigint) as handover,  -- 1, 2, ... within the conversation
    fct_conversations.conversation_url,  -- opens it in Intercom's inbox
    handovers.kind,  -- teammate_to_teammate, team_to_team, teammate_to_team, bot_to_teammate or to_unassigned
    handovers.from_admin_id,  -- the teammate who had it before; NULL: nobody, or a bot
    from_names.name as from_admin_name,  -- of from_admin_id
    handovers.admin_id as to_admin_id,  -- the teammate who has it then; NULL: nobody, or a bot
    to_names.name as to_admin_name,  -- of to_admin_id
    handovers.from_team_id,  -- the team that had it before; NULL: none
    from_teams.name as from_team_name,  -- of from_team_id
    handovers.team_id as to_team_id,  -- the team that has it then; NULL: none
    to_teams.name as to_team_name,  -- of to_team_id
    to_timestamp(handovers.from_epoch) as handed_over_at,  -- when it was assigned
    handovers.from_epoch as handed_over_at_epoch,  -- in unix seconds
    local_slots.day as handed_over_on,  -- in the workspace's time zone
    fct_conversations.channel,  -- of the conversation
    first_replies.at_epoch - handovers.from_epoch as seconds_to_reply,  -- until the new owner's first reply (of a team: anybody's after it); NULL: none came, or nobody is the owner
    case
        when handovers.kind = 'teammate_to_teammate'
            then coalesce(handovers.next_admin_id = handovers.from_admin_id, false)
        when handovers.kind = 'team_to_team'
            then coalesce(handovers.next_team_id = handovers.from_team_id, false)
        else false
    end as was_bounced_back  -- the next handover of this kind goes back to where this one came from
from handovers
inner join fct_conversations on handovers.conversation_id = fct_conversations.conversation_id
left join first_replies
    on handovers.conversation_id = first_replies.conversation_id and handovers.handover = first_replies.handover
left join int_staff as from_names on handovers.from_admin_id = from_names.staff_id
left join int_staff as to_names on handovers.admin_id = to_names.staff_id
left join stg_teams as from_teams on handovers.from_team_id = from_teams.team_id
left join stg_teams as to_teams on handovers.team_id = to_teams.team_id
left join local_slots on cast(floor(handovers.from_epoch / 900) as bigint) = local_slots.slot_id
