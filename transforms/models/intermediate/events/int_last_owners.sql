-- One row per conversation that a part assigns: the teammate and the team with whom its parts leave it.
-- Every assignment sets the teammate (to a team, a bot or nobody: to none), only one to a team sets the team; where older parts are
-- missing and none of those that are loaded sets it, the conversation has had its team all along.
-- ephemeral: int_events would be too long in one file
with

assignments as (
    select conversation_id, place, to_role, to_id
    from int_ordered_parts
    where to_role is not null
)

select
    landmarks.conversation_id,
    landmarks.assigned_at_epoch,
    to_teammates.to_id as admin_id,
    completeness.is_truncated_at_500 and landmarks.team_assigned_place is null as has_kept_team,
    to_teams.to_id as team_id
from int_part_landmarks as landmarks
inner join qa_conversation_completeness as completeness
    on landmarks.conversation_id = completeness.conversation_id
left join assignments as to_teammates
    on landmarks.conversation_id = to_teammates.conversation_id
    and landmarks.assigned_place = to_teammates.place
    and to_teammates.to_role = 'teammate'
left join assignments as to_teams
    on landmarks.conversation_id = to_teams.conversation_id
    and landmarks.team_assigned_place = to_teams.place
    and to_teams.to_role = 'team'
where landmarks.assigned_at_epoch is not null
