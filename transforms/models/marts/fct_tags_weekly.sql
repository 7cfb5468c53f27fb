-- One row per week (beginning on Monday) and tag: conversations that began then and have the tag now, against the four weeks before.
-- question: What is asked about more than in the weeks before?
with

totals as (
    select created_week as week_start, count(*) as count_conversations
    from fct_conversations
    where created_week is not null
    group by created_week
),

first_weeks as (
    select min(week_start) as week_start from totals
),

-- the calendar may begin long before: with a ticket, or with a message that somebody received
weeks as (
    select
        calendar_days.week_start,
        max(calendar_days.ends_at_epoch) as ends_at_epoch,
        row_number() over (order by calendar_days.week_start) as week_number
    from calendar_days
    cross join build_clock
    inner join first_weeks on calendar_days.week_start >= first_weeks.week_start
    where calendar_days.starts_at_epoch <= build_clock.now_epoch
    group by calendar_days.week_start
),

tagged as (
    select created_week as week_start, tag_id, count(*) as count_conversations
    from fct_conversation_tags
    where created_week is not null
    group by created_week, tag_id
),

tag_names as (
    select tag_id, max(tag_name) as tag_name, min(created_week) as first_week
    from fct_conversation_tags
    group by tag_id
),

-- a week without any is a zero and not a hole, from the tag's first week on
counted as (
    select
        weeks.week_start,
        weeks.week_number,
        weeks.ends_at_epoch,
        tag_names.tag_id,
        tag_names.tag_name,
        coalesce(tagged.count_conversations, 0) as count_tagged,
        coalesce(totals.count_conversations, 0) as count_all
    from weeks
    inner join tag_names on weeks.week_start >= tag_names.first_week
    left join tagged on weeks.week_start = tagged.week_start and tag_names.tag_id = tagged.tag_id
    left join totals on weeks.week_start = totals.week_start
),

compared as (
    select
        counted.*,
        sum(count_tagged) over (
            partition by tag_id order by week_start rows between 4 preceding and 1 preceding
        ) as count_tagged_4_weeks_before
    from counted
)

select
    week_start,  -- Monday, in the workspace's time zone
    tag_id,  -- Intercom's id
    tag_name,  -- as it is now
    cast(count_tagged as bigint) as count_conversations,  -- begun in the week, with the tag
    cast(count_all as bigint) as count_all_conversations,  -- begun in the week, with or without
    cast(count_tagged as double) / nullif(count_all, 0) as share,  -- with the tag / all; NULL: none began
    case when week_number > 4 then cast(coalesce(count_tagged_4_weeks_before, 0) as double) / 4 end
        as average_of_4_weeks_before,  -- conversations with the tag a week; NULL: the conversations do not go back four weeks
    case
        when week_number > 4 and ends_at_epoch <= build_clock.now_epoch
            then count_tagged - cast(coalesce(count_tagged_4_weeks_before, 0) as double) / 4
    end as change_to_4_weeks_before  -- more than that average; NULL: the week is not over, or the conversations do not go back four weeks
from compared
cross join build_clock
