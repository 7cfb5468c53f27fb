-- One row per conversation that was created or first closed since the day.
select
    c.created_on, c.created_hour, c.created_weekday, c.channel, coalesce(c.team_assignee_id, 'none') as team_id,
    case when c.direction = 'inbound' then 1 else 0 end as is_inbound,
    case when not coalesce(c.was_closed_before_first_reply, false) then c.first_response_seconds end as response,
    case when not coalesce(c.was_closed_before_first_reply, false) then c.first_response_business_seconds end
        as response_office,
    c.resolution_seconds as resolution, c.resolution_business_seconds as resolution_office,
    closed.day as first_closed_on,
    case when c.is_reopened_within_7_days then 1 when not c.is_reopened_within_7_days then 0 end as is_reopened,
    case when c.is_closed then 1 else 0 end as is_closed,
    case when c.is_one_touch then 1 when not c.is_one_touch then 0 end as is_one_touch,
    case when c.is_rateable then 1 else 0 end as is_rateable,
    case when c.is_rateable and c.rating is not null then 1 else 0 end as is_rated,
    -- as in fct_bot_weekly: where parts are missing, what the others and Intercom's statistics show did happen
    case when happened.count_bot_replies > 0 or c.has_fin then 1 else 0 end as is_bot_involved,
    case
        when c.is_deflected_by_bot then 1
        when not c.is_deflected_by_bot or c.first_reply_at_epoch is not null then 0
        when happened.count_replies > 0 or happened.count_assignments_to_teammates > 0 then 0
    end as is_deflected,
    case when c.is_fin_involved then 1 else 0 end as is_fin_involved, c.fin_outcome,
    c.first_reply_admin_id as replier, c.last_closed_by_admin_id as closer
from fct_conversations as c
inner join int_conversation_rollup as happened on c.conversation_id = happened.conversation_id
left join local_slots as closed
    on cast(floor((c.asked_at_epoch + c.first_close_seconds) / 900) as bigint) = closed.slot_id
where c.created_on >= cast('{since}' as date) or closed.day >= cast('{since}' as date)
