-- One row per collection and language of its help center: what is written, missing and read; 'none' holds articles in no collection.
-- An article counts in the collection that it is in, not in those above. A help center's languages are those in
-- which it has an article or names a collection, be it in a translation. Where it is not known which help center has a collection, only the collection's own
-- languages are; of articles in no collection nobody knows which languages they should be in. Figures of readers are of an article's languages together: they stand
-- in the row of its own language, and are NULL where no article has the row's language as its own.
-- question: Which collections are not translated?
with

-- three levels are as deep as Intercom lets collections be nested
known_collections as (
    select
        stg_collections.collection_id,
        stg_collections.name,
        stg_collections.default_locale,
        coalesce(stg_collections.help_center_id, parents.help_center_id, grandparents.help_center_id) as help_center_id
    from stg_collections
    left join stg_collections as parents on stg_collections.parent_collection_id = parents.collection_id
    left join stg_collections as grandparents on parents.parent_collection_id = grandparents.collection_id
    union all
    select 'none' as collection_id, null as name, null as default_locale, null as help_center_id
),

collections as (
    select
        collection_id,
        name,
        default_locale,
        coalesce(help_center_id, 'none') as help_center_id,
        coalesce('help center ' || help_center_id, 'collection ' || collection_id) as owner_of_languages
    from known_collections
),

texts as (
    select
        collections.collection_id,
        collections.owner_of_languages,
        int_article_locales.article_id,
        int_article_locales.locale,
        int_article_locales.is_default_locale,
        int_article_locales.state,
        case
            when int_article_locales.state = 'published'
                and build_clock.now_epoch - int_article_locales.updated_at_epoch > 15552000
                then 1
            else 0
        end as is_stale,
        stg_articles.count_views,
        stg_articles.count_conversations,
        stg_articles.count_reactions,
        stg_articles.count_reactions * stg_articles.sad_reaction_percentage / 100 as count_sad_reactions
    from int_article_locales
    inner join stg_articles on int_article_locales.article_id = stg_articles.article_id
    left join stg_collections on int_article_locales.collection_id = stg_collections.collection_id
    -- a collection that is gone is none
    inner join collections on coalesce(stg_collections.collection_id, 'none') = collections.collection_id
    cross join build_clock
),

-- a help center in one language does not name it
translated_names as (
    select collections.owner_of_languages, help_center_locales.locale
    from stg_collections
    inner join collections on stg_collections.collection_id = collections.collection_id
    cross join help_center_locales
    where
        stg_collections.default_locale is not null
        and nullif((stg_collections.translated_content -> help_center_locales.locale) ->> 'name', '') is not null
),

languages as (
    select owner_of_languages, locale from texts
    union
    select owner_of_languages, default_locale as locale from collections where default_locale is not null
    union
    select owner_of_languages, locale from translated_names
),

grid as (
    select collections.collection_id, collections.help_center_id, collections.name, languages.locale
    from collections
    inner join languages on collections.owner_of_languages = languages.owner_of_languages
    -- without articles outside of collections there is no such row
    where collections.collection_id <> 'none'
        or exists (select 1 from texts where texts.collection_id = 'none')
),

written as (
    select
        collection_id,
        locale,
        sum(case when state = 'published' then 1 else 0 end) as count_published,
        sum(case when state = 'draft' then 1 else 0 end) as count_drafts,
        sum(is_stale) as count_stale,
        sum(case when is_default_locale then 1 else 0 end) as count_own,
        sum(case when is_default_locale then count_views end) as count_views,
        sum(case when is_default_locale then count_conversations end) as count_conversations,
        sum(case when is_default_locale then count_reactions end) as count_reactions,
        sum(case when is_default_locale then count_sad_reactions end) as count_sad_reactions,
        sum(case when is_default_locale and state = 'published' and count_views = 0 then 1 else 0 end)
            as count_without_views,
        sum(case when is_default_locale and state = 'published' and count_views is not null then 1 else 0 end)
            as count_with_known_views
    from texts
    group by collection_id, locale
),

-- what customers can read in the article's own language, but not in the row's
published as (
    select collection_id, article_id, locale as own_locale
    from texts
    where is_default_locale and state = 'published'
),

missing as (
    select grid.collection_id, grid.locale, count(*) as count_missing
    from grid
    inner join published on grid.collection_id = published.collection_id and grid.locale <> published.own_locale
    left join texts
        on published.article_id = texts.article_id and grid.locale = texts.locale and texts.state = 'published'
    where texts.article_id is null
    group by grid.collection_id, grid.locale
)

select
    grid.collection_id,  -- 'none': articles in no collection, or in one that is gone
    grid.locale,  -- 'default': the only language of a help center, which Intercom does not name
    grid.name as collection_name,  -- NULL: in no collection
    grid.help_center_id,  -- a collection in another one is in its help center; 'none': not known
    cast(coalesce(written.count_published, 0) as bigint) as count_published,  -- articles published in this language
    cast(coalesce(written.count_drafts, 0) as bigint) as count_drafts,  -- in this language
    cast(coalesce(written.count_stale, 0) as bigint) as count_stale,  -- published, and unchanged for more than 180 days
    case when grid.collection_id <> 'none' then coalesce(missing.count_missing, 0) end
        as count_missing_translations,  -- published articles that are not so in this language; NULL: in no collection
    cast(written.count_views as bigint) as count_views,  -- since the articles exist
    cast(written.count_conversations as bigint) as count_conversations,  -- begun from these articles
    1000 * cast(written.count_conversations as double) / nullif(written.count_views, 0) as conversations_per_1000_views,  -- NULL: nobody has read them
    cast(written.count_reactions as bigint) as count_reactions,  -- of readers
    case
        when written.count_reactions >= 10
            then cast(written.count_sad_reactions as double) / written.count_reactions
    end as sad_share,  -- of the reactions; NULL: fewer than 10
    cast(written.count_without_views as double) / nullif(written.count_with_known_views, 0) as zero_view_share  -- of the published
from grid
left join written on grid.collection_id = written.collection_id and grid.locale = written.locale
left join missing on grid.collection_id = missing.collection_id and grid.locale = missing.locale
