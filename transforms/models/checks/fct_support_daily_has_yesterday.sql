-- warn: A day on which conversations were created has a row, yesterday above all.
select distinct fct_conversations.created_on
from fct_conversations
left join fct_support_daily on fct_conversations.created_on = fct_support_daily.day
where fct_conversations.created_on is not null and fct_support_daily.day is null
