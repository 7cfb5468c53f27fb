-- One row per team that is in the workspace, or that conversations or tickets name; 'none' holds everything without a team.
-- question: Which teams are there, and who is in them?
with

ids as (
    select team_id from stg_teams
    union
    select coalesce(team_assignee_id, 'none') as team_id from fct_conversations
    union
    select coalesce(team_id, 'none') as team_id from int_assignment_spans
    union
    select team_id from fct_tickets
),

members as (
    select
        stg_team_admins.team_id,
        count(*) as count_teammates,
        string_agg(coalesce(int_staff.name, stg_team_admins.admin_id), ', '
            order by coalesce(int_staff.name, stg_team_admins.admin_id)) as teammates
    from stg_team_admins
    left join int_staff on stg_team_admins.admin_id = int_staff.staff_id
    where not coalesce(int_staff.is_bot, false)
    group by stg_team_admins.team_id
),

assigned as (
    select
        coalesce(team_assignee_id, 'none') as team_id,
        sum(case when state = 'open' then 1 else 0 end) as count_open,
        sum(case when state = 'snoozed' then 1 else 0 end) as count_snoozed,
        sum(case when state = 'open' and admin_assignee_id is null then 1 else 0 end) as count_unassigned,
        sum(case when is_waiting_on_us then 1 else 0 end) as count_waiting,
        min(case when is_waiting_on_us then waiting_since end) as waiting_since
    from fct_conversations
    group by coalesce(team_assignee_id, 'none')
)

select
    ids.team_id,  -- Intercom's id; 'none': no team
    stg_teams.name,  -- NULL: deleted, or no team
    stg_teams.distribution_method,  -- how Intercom spreads the team's conversations
    ids.team_id <> 'none' and stg_teams.team_id is null as is_deleted,  -- the workspace no longer lists the team
    members.teammates,  -- names in alphabetical order, separated by ', '; NULL: nobody
    coalesce(members.count_teammates, 0) as count_teammates,  -- who are in it now
    cast(coalesce(assigned.count_open, 0) as bigint) as count_open_conversations,  -- the team has them and they are open now
    cast(coalesce(assigned.count_snoozed, 0) as bigint) as count_snoozed_conversations,  -- the team has them and they are snoozed now
    cast(coalesce(assigned.count_unassigned, 0) as bigint) as count_unassigned,  -- of the open: without a teammate
    cast(coalesce(assigned.count_waiting, 0) as bigint) as count_waiting_on_us,  -- of the open: the last message that is no bot's is the customer's
    assigned.waiting_since as longest_waiting_since  -- of these: the customer who waits longest wrote then; NULL: none waits, or it is not known since when
from ids
left join stg_teams on ids.team_id = stg_teams.team_id
left join members on ids.team_id = members.team_id
left join assigned on ids.team_id = assigned.team_id
