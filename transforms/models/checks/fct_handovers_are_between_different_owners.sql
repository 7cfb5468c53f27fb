-- error: A handover is between two owners that differ.
-- incremental: conversation_id
select conversation_id, handover
from fct_handovers
where
    (kind = 'teammate_to_teammate' and from_admin_id = to_admin_id)
    or (kind = 'team_to_team' and from_team_id = to_team_id)
