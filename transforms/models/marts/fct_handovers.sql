-- One row per handover: a conversation goes from one owner to another, from a bot to its first teammate, or back to nobody.
-- incremental: conversation_id
with

first_bot_acts as (
    select conversation_id, min(seq) as seq
    from int_events
    where is_bot_reply or to_role = 'bot'
    group by conversation_id
),

owners as (
    select
        conversation_id,
        span,
        first_seq,
        from_epoch,
        admin_id,
        team_id,
        lag(admin_id) over (partition by conversation_id order by span) as from_admin_id,
        lag(team_id) over (partition by conversation_id order by span) as from_team_id,
        max(admin_id) over (
            partition by conversation_id order by span rows between unbounded preceding and 1 preceding
        ) as any_earlier_admin_id
    from int_assignment_spans
),

with_kinds as (
    select
        owners.*,
        case
            when owners.from_admin_id <> owners.admin_id then 'teammate_to_teammate'
            when owners.from_team_id <> owners.team_id then 'team_to_team'
            when owners.from_admin_id is not null and owners.admin_id is null then 'to_unassigned'
            when owners.admin_id is not null and owners.any_earlier_admin_id is null
                and first_bot_acts.seq < owners.first_seq
                then 'bot_to_teammate'
        end as kind
    from owners
    left join first_bot_acts on owners.conversation_id = first_bot_acts.conversation_id
    where owners.span > 1
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
            (handovers.kind = 'team_to_team' and int_events.seq > handovers.first_seq)
            or (
                handovers.kind <> 'team_to_team'
                and int_events.seq >= handovers.first_seq
                and int_events.author_id = handovers.admin_id
            )
        )
    where handovers.kind <> 'to_unassigned'
    group by handovers.conversation_id, handovers.handover
)

select
    handovers.conversation_id,
    cast(handovers.handover as bigint) as handover,  -- 1, 2, ... within the conversation
    handovers.kind,  -- teammate_to_teammate, team_to_team, bot_to_teammate or to_unassigned
    handovers.from_admin_id,
    handovers.admin_id as to_admin_id,
    handovers.from_team_id,
    handovers.team_id as to_team_id,
    to_timestamp(handovers.from_epoch) as handed_over_at,
    handovers.from_epoch as handed_over_at_epoch,
    local_slots.day as handed_over_on,  -- in the workspace's time zone
    fct_conversations.channel,
    -- until the new owner's first reply (of a team: anybody's after it); NULL: none came, or nobody is the owner
    first_replies.at_epoch - handovers.from_epoch as seconds_to_reply,
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
left join local_slots on cast(floor(handovers.from_epoch / 900) as bigint) = local_slots.slot_id
