-- One row per first day of a day, week or month whose figures in the models may be out of date.
with

last_builds as (
    select max(built_at_epoch) as built_at_epoch from built_conversations
),

renamed as (
    select count(*) as count_renamed from changed_names
),

days as (
    select calendar_days.day, calendar_days.week_start, calendar_days.month_start
    from calendar_days
    cross join build_clock
    cross join last_builds
    cross join renamed
    left join touched_days on calendar_days.day = touched_days.day
    where
        touched_days.day is not null
        or renamed.count_renamed > 0
        or coalesce(build_clock.now_epoch < last_builds.built_at_epoch, true)
        -- until 7 days after a period it is not known what comes back
        or calendar_days.ends_at_epoch + 604800 > last_builds.built_at_epoch
)

select day as starts_on from days
union
select week_start as starts_on from days
union
select month_start as starts_on from days
