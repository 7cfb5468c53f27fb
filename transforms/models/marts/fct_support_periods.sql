-- One row per period (day, week, month), its first day, channel and team, where 'all' is every channel or team: the figures of fct_support_daily, medians taken anew.
-- Rows overlap, so that none has to be added up: choose one period, and 'all' or single ones. Days by channel and team are in fct_support_daily.
-- question: What is the median of the first response, month by month?
-- incremental: starts_on
select
    figures.period,  -- day, week or month
    figures.starts_on,  -- the day itself, the week's Monday, or the month's first day, in the workspace's time zone
    figures.channel,  -- 'all': every channel together
    figures.team_id,  -- the team that has the conversation now; 'none': no team, 'all': every team and none together
    stg_teams.name as team_name,  -- of team_id

    -- conversations created in the period
    figures.count_conversations,  -- see fct_support_daily
    figures.count_inbound_conversations,  -- see fct_support_daily
    figures.count_replied,  -- see fct_support_daily
    figures.count_closed_before_first_reply,  -- see fct_support_daily
    figures.count_closed_now,  -- see fct_support_daily
    figures.median_first_response_seconds,  -- see fct_support_daily
    figures.p90_first_response_seconds,  -- see fct_support_daily
    figures.median_first_response_business_seconds,  -- see fct_support_daily
    figures.p90_first_response_business_seconds,  -- see fct_support_daily
    figures.share_within_1_business_hour,  -- see fct_support_daily
    figures.busiest_hour,  -- see fct_support_daily
    figures.count_rateable,  -- see fct_support_daily
    figures.count_rated,  -- see fct_support_daily
    figures.csat,  -- see fct_support_daily
    figures.csat_response_rate,  -- see fct_support_daily

    -- conversations first closed in the period
    figures.count_first_closed,  -- see fct_support_daily
    figures.count_reopened_within_7_days,  -- see fct_support_daily
    figures.reopen_rate  -- of those whose parts are all there; NULL: none of them was closed, or the 7 days after the period are not over
from int_support_figures as figures
inner join int_periods on figures.period = int_periods.period and figures.starts_on = int_periods.starts_on
left join stg_teams on figures.team_id = stg_teams.team_id
where figures.period <> 'day' or figures.channel = 'all' or figures.team_id = 'all'
