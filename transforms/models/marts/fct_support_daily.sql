-- One row per day, channel and team on which a conversation was created or first closed; medians and totals of longer times: fct_support_periods.
-- question: How many conversations began on each day, in which channel?
-- incremental: day
select
    figures.starts_on as day,  -- in the workspace's time zone
    figures.channel,  -- conversation (Messenger), email, whatsapp, ...
    figures.team_id,  -- the team that has the conversation now; 'none': no team
    stg_teams.name as team_name,  -- of team_id

    -- conversations created on the day
    figures.count_conversations,  -- of every direction
    figures.count_inbound_conversations,  -- a customer wrote, and it was begun by the customer or a workflow
    figures.count_replied,  -- of the inbound: a teammate has replied by now
    figures.count_closed_before_first_reply,  -- of the inbound: in no median
    figures.count_closed_now,  -- of the inbound: closed now, on whatever day that was
    figures.median_first_response_seconds,  -- of the inbound with a reply, unless closed before it
    figures.p90_first_response_seconds,  -- nine of ten were faster
    figures.median_first_response_business_seconds,  -- in the working hours of the team that had it when the customer asked
    figures.p90_first_response_business_seconds,  -- nine of ten were faster
    figures.share_within_1_business_hour,  -- of the same conversations; NULL: there is none
    figures.busiest_hour,  -- local hour in which most inbound conversations began, the first of equals
    figures.count_rateable,  -- closed now, and a teammate has replied
    figures.count_rated,  -- of these: rated
    figures.csat,  -- of these: ratings of 4 and 5; NULL: none is rated
    figures.csat_response_rate,  -- rated / rateable; NULL: none is rateable

    -- conversations first closed on the day
    figures.count_first_closed,  -- for the first time after a customer had written, by whomever; of every direction
    figures.count_reopened_within_7_days,  -- of these, so far
    figures.reopen_rate  -- of those whose parts are all there; NULL: none of them was closed, or the 7 days after the day are not over
from int_support_figures as figures
inner join calendar_days on figures.starts_on = calendar_days.day
left join stg_teams on figures.team_id = stg_teams.team_id
where figures.period = 'day' and figures.channel <> 'all' and figures.team_id <> 'all'
