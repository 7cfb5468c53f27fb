-- error: A handover is one per conversation and number, between two owners that differ.
-- incremental: conversation_id
select conversation_id, handover
from fct_handovers
group by conversation_id, handover
having
    count(*) > 1
    or min(seconds_to_reply) < 0
    or sum(case when kind = 'teammate_to_teammate' and from_admin_id = to_admin_id then 1 else 0 end) > 0
    or sum(case when kind = 'team_to_team' and from_team_id = to_team_id then 1 else 0 end) > 0
