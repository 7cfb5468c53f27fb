-- One row per teammate who is in the workspace, or ever wrote, was assigned or closed last, without bots.
-- question: How many open conversations does each teammate have now?
with

team_lists as (
    select
        stg_team_admins.admin_id,
        count(*) as count_teams,
        string_agg(coalesce(stg_teams.name, stg_team_admins.team_id), ', '
            order by coalesce(stg_teams.name, stg_team_admins.team_id)) as teams
    from stg_team_admins
    left join stg_teams on stg_team_admins.team_id = stg_teams.team_id
    group by stg_team_admins.admin_id
),

assigned as (
    select
        admin_assignee_id as admin_id,
        sum(case when state = 'open' then 1 else 0 end) as count_open,
        sum(case when state = 'snoozed' then 1 else 0 end) as count_snoozed,
        sum(case when is_waiting_on_us then 1 else 0 end) as count_waiting,
        min(case when is_waiting_on_us then waiting_since end) as waiting_since
    from fct_conversations
    where admin_assignee_id is not null
    group by admin_assignee_id
)

select
    int_staff.staff_id as admin_id,  -- Intercom's id
    int_staff.name,  -- as it is now; of one who has left, as the last parts hold it; NULL: nowhere said
    stg_admins.email,  -- NULL: has left
    stg_admins.job_title,  -- NULL: not set, or has left
    int_staff.is_departed,  -- the workspace no longer lists the teammate
    coalesce(stg_admins.has_inbox_seat, false) as has_inbox_seat,  -- may answer conversations
    coalesce(stg_admins.is_away, false) as is_away,  -- away mode is on
    team_lists.teams,  -- names in alphabetical order, separated by ', '; NULL: in no team
    coalesce(team_lists.count_teams, 0) as count_teams,  -- in which the teammate is now
    cast(coalesce(assigned.count_open, 0) as bigint) as count_open_conversations,  -- assigned to the teammate and open now
    cast(coalesce(assigned.count_snoozed, 0) as bigint) as count_snoozed_conversations,  -- assigned to the teammate and snoozed now
    cast(coalesce(assigned.count_waiting, 0) as bigint) as count_waiting_on_us,  -- of the open: the last message that is no bot's is the customer's
    assigned.waiting_since as longest_waiting_since  -- of these: the customer who waits longest wrote then; NULL: none waits, or it is not known since when
from int_staff
left join stg_admins on int_staff.staff_id = stg_admins.admin_id
left join team_lists on int_staff.staff_id = team_lists.admin_id
left join assigned on int_staff.staff_id = assigned.admin_id
where not int_staff.is_bot
