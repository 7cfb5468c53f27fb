-- One row per ticket: how long it was in each state, when it was first resolved, and how often that did not last.
-- question: How long does each type of ticket take?
with

states as (
    select
        ticket_id,
        min(case when state = 'in_progress' then from_epoch end) as first_in_progress_at_epoch,
        min(case when state = 'resolved' then from_epoch end) as first_resolved_at_epoch,
        sum(case when state = 'submitted' then seconds else 0 end) as submitted_seconds,
        sum(case when state = 'in_progress' then seconds else 0 end) as in_progress_seconds,
        sum(case when state = 'waiting_on_customer' then seconds else 0 end) as waiting_on_customer_seconds,
        sum(case when state = 'resolved' then seconds else 0 end) as resolved_seconds,
        sum(case when state <> 'resolved' then seconds else 0 end) as unresolved_seconds,
        sum(case when state = 'submitted' then business_seconds else 0 end) as submitted_business_seconds,
        sum(case when state = 'in_progress' then business_seconds else 0 end) as in_progress_business_seconds,
        sum(case when state = 'waiting_on_customer' then business_seconds else 0 end)
            as waiting_on_customer_business_seconds,
        sum(case when state = 'resolved' and to_epoch is not null then 1 else 0 end) as count_reopens
    from int_ticket_state_spans
    group by ticket_id
),

-- an assignment to a team, a bot or nobody takes the teammate away, as in a conversation
assigned as (
    select
        stg_ticket_parts.ticket_id,
        stg_ticket_parts.part_id,
        stg_ticket_parts.created_at_epoch,
        case
            when stg_ticket_parts.assigned_to_type = 'admin' and not int_staff.is_bot
                then stg_ticket_parts.assigned_to_id
        end as admin_id
    from stg_ticket_parts
    left join int_staff on stg_ticket_parts.assigned_to_id = int_staff.staff_id
    where stg_ticket_parts.part_type like '%assign%' and stg_ticket_parts.assigned_to_type is not null
),

-- ids are numbers written as text: the longer one is the greater one
numbered_assignments as (
    select
        ticket_id,
        admin_id,
        created_at_epoch,
        row_number() over (partition by ticket_id order by created_at_epoch, length(part_id), part_id) as place
    from assigned
),

assignments as (
    select
        numbered_assignments.*,
        lag(admin_id) over (partition by ticket_id order by place) as previous_admin_id,
        lead(place) over (partition by ticket_id order by place) as next_place
    from numbered_assignments
),

owners as (
    select stg_tickets.ticket_id, stg_tickets.admin_assignee_id as admin_id, int_staff.name
    from stg_tickets
    inner join int_staff on stg_tickets.admin_assignee_id = int_staff.staff_id
    where not int_staff.is_bot
),

-- the ticket's own teammate ends its history, as in a conversation: another than the last part gave it to got it without a part
handovers as (
    select
        assignments.ticket_id,
        sum(
            case
                when assignments.admin_id <> assignments.previous_admin_id
                    and assignments.created_at_epoch >= beginnings.begun_at_epoch
                    then 1
                else 0
            end
        )
        + sum(case when assignments.next_place is null and assignments.admin_id <> owners.admin_id then 1 else 0 end)
            as count_handovers
    from assignments
    inner join int_ticket_beginnings as beginnings on assignments.ticket_id = beginnings.ticket_id
    left join owners on assignments.ticket_id = owners.ticket_id
    group by assignments.ticket_id
),

links as (
    select linked_object_id as ticket_id, conversation_id
    from stg_conversation_linked_objects
    where linked_object_type = 'ticket'
    union
    select ticket_id, linked_object_id as conversation_id
    from stg_ticket_linked_objects
    where linked_object_type = 'conversation'
),

-- ids are numbers written as text: the longer one is the greater one
numbered_links as (
    select
        ticket_id,
        conversation_id,
        row_number() over (partition by ticket_id order by length(conversation_id), conversation_id) as link,
        count(*) over (partition by ticket_id) as count_conversations
    from links
),

first_links as (
    select ticket_id, conversation_id, count_conversations
    from numbered_links
    where link = 1
),

known_states as (
    select states.*
    from states
    inner join int_ticket_beginnings as beginnings on states.ticket_id = beginnings.ticket_id
    where beginnings.has_all_parts
)

select
    stg_tickets.ticket_id,  -- Intercom's id
    stg_tickets.ticket_number,  -- the number that the inbox shows
    stg_tickets.ticket_type_id,  -- Intercom's id of the type
    coalesce(stg_ticket_types.name, stg_tickets.ticket_type_name) as ticket_type_name,  -- as it is now
    stg_tickets.category,  -- Customer, Back-office or Tracker
    stg_tickets.ticket_state,  -- now: submitted, in_progress, waiting_on_customer or resolved
    stg_tickets.is_open,  -- now, as Intercom says it
    first_links.conversation_id,  -- a linked conversation, of several the first one (the least number); NULL: none
    coalesce(first_links.count_conversations, 0) as count_conversations,  -- that are linked to it
    owners.admin_id,  -- the teammate who has it now; NULL: nobody, or a bot
    owners.name as admin_name,  -- of admin_id
    coalesce(stg_tickets.team_assignee_id, 'none') as team_id,  -- the team that has it now; 'none': no team
    stg_teams.name as team_name,  -- of team_id
    stg_tickets.company_id,  -- whose ticket it is
    beginnings.has_all_parts,  -- false: parts are missing; begun_at is created_at, and times and counts of its history are NULL
    stg_tickets.created_at,  -- when it was made; one that was a conversation has the age of the conversation
    stg_tickets.created_at_epoch,  -- in unix seconds
    created_slots.day as created_on,  -- in the workspace's time zone
    to_timestamp(beginnings.begun_at_epoch) as begun_at,  -- since when it is a ticket: its first part with a state, where that leaves the state as it was; else created_at
    beginnings.begun_at_epoch,  -- in unix seconds
    begun_slots.day as begun_on,  -- in the workspace's time zone
    to_timestamp(known_states.first_in_progress_at_epoch) as first_in_progress_at,  -- NULL: never, or not known
    known_states.first_in_progress_at_epoch - beginnings.begun_at_epoch as first_in_progress_seconds,  -- since begun_at
    to_timestamp(known_states.first_resolved_at_epoch) as first_resolved_at,  -- NULL: never, or not known
    known_states.first_resolved_at_epoch - beginnings.begun_at_epoch as resolution_seconds,  -- since begun_at, to the first time in resolved

    -- time in each state until now, and in the working hours of the team that has it now
    cast(known_states.submitted_seconds as bigint) as submitted_seconds,  -- in state submitted
    cast(known_states.in_progress_seconds as bigint) as in_progress_seconds,  -- in state in_progress
    cast(known_states.waiting_on_customer_seconds as bigint) as waiting_on_customer_seconds,  -- in state waiting_on_customer
    cast(known_states.resolved_seconds as bigint) as resolved_seconds,  -- in state resolved
    cast(known_states.submitted_business_seconds as bigint) as submitted_business_seconds,  -- in working hours
    cast(known_states.in_progress_business_seconds as bigint) as in_progress_business_seconds,  -- in working hours
    cast(known_states.waiting_on_customer_business_seconds as bigint) as waiting_on_customer_business_seconds,  -- in working hours
    cast(known_states.waiting_on_customer_seconds as double) / nullif(known_states.unresolved_seconds, 0)
        as waiting_on_customer_share,  -- of the time in which it was not resolved; NULL: there was none
    cast(known_states.count_reopens as bigint) as count_reopens,  -- exits from resolved
    case
        when beginnings.has_all_parts and beginnings.begun_at_epoch is not null
            then cast(coalesce(handovers.count_handovers, 0) as bigint)
    end
        as count_handovers  -- from one teammate to another, since begun_at; also to the present one, if no part shows it
from stg_tickets
inner join int_ticket_beginnings as beginnings on stg_tickets.ticket_id = beginnings.ticket_id
left join known_states on stg_tickets.ticket_id = known_states.ticket_id
left join stg_ticket_types on stg_tickets.ticket_type_id = stg_ticket_types.ticket_type_id
left join stg_teams on stg_tickets.team_assignee_id = stg_teams.team_id
left join owners on stg_tickets.ticket_id = owners.ticket_id
left join handovers on stg_tickets.ticket_id = handovers.ticket_id
left join first_links on stg_tickets.ticket_id = first_links.ticket_id
left join local_slots as created_slots
    on cast(floor(stg_tickets.created_at_epoch / 900) as bigint) = created_slots.slot_id
left join local_slots as begun_slots
    on cast(floor(beginnings.begun_at_epoch / 900) as bigint) = begun_slots.slot_id
