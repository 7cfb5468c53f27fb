-- One row per help center article that exists in Intercom: where it is, who reads it, and what is missing.
-- question: Which articles are read much and liked little?
with

languages as (
    select
        article_id,
        string_agg(locale, ', ' order by locale) as languages,
        count(*) as count_languages
    from int_article_locales
    where state = 'published'
    group by article_id
),

places as (
    select
        stg_articles.article_id,
        coalesce(stg_collections.collection_id, 'none') as collection_id
    from stg_articles
    left join stg_collections on stg_articles.collection_id = stg_collections.collection_id
),

-- languages of the help center in which this article is not published
missing as (
    select
        places.article_id,
        string_agg(fct_help_center_coverage.locale, ', ' order by fct_help_center_coverage.locale) as languages_missing,
        count(*) as count_languages_missing
    from places
    inner join stg_articles on places.article_id = stg_articles.article_id
    inner join fct_help_center_coverage
        on places.collection_id = fct_help_center_coverage.collection_id
        and fct_help_center_coverage.collection_id <> 'none'
    left join int_article_locales
        on places.article_id = int_article_locales.article_id
        and fct_help_center_coverage.locale = int_article_locales.locale
        and int_article_locales.state = 'published'
    where int_article_locales.article_id is null and stg_articles.state = 'published'
    group by places.article_id
)

select
    stg_articles.article_id,  -- Intercom's id
    stg_articles.title,  -- in the article's own language
    stg_articles.url,  -- where customers read it; NULL: not published
    stg_articles.state,  -- published or draft
    places.collection_id,  -- 'none': in no collection, or in one that is gone
    stg_collections.name as collection_name,  -- of collection_id
    stg_articles.author_admin_id,  -- who wrote it
    int_staff.name as author_name,  -- of author_admin_id; NULL: has left, and wrote in no conversation
    coalesce(stg_articles.default_locale, 'default') as locale,  -- its own language; 'default': the only one of a help center, which Intercom does not name
    languages.languages,  -- in which it is published, separated by ', '
    coalesce(languages.count_languages, 0) as count_languages,  -- in which it is published
    missing.languages_missing,  -- of the help center's, in which it is not published; NULL: none, or the article is a draft or in no collection
    case
        when places.collection_id <> 'none' and stg_articles.state = 'published'
            then coalesce(missing.count_languages_missing, 0)
    end as count_languages_missing,  -- of the help center's; NULL: the article is a draft, or in no collection
    stg_articles.created_at,  -- when it was made
    stg_articles.updated_at,  -- when it last changed
    coalesce(
        stg_articles.state = 'published'
        and build_clock.now_epoch - stg_articles.updated_at_epoch > 15552000, false
    ) as is_stale,  -- published, and unchanged for more than 180 days
    stg_articles.count_views,  -- since it exists; NULL: Intercom does not say
    stg_articles.count_conversations,  -- begun from it
    1000 * cast(stg_articles.count_conversations as double) / nullif(stg_articles.count_views, 0)
        as conversations_per_1000_views,  -- NULL: nobody has read it
    stg_articles.count_reactions,  -- of readers
    case when stg_articles.count_reactions >= 10 then stg_articles.happy_reaction_percentage / 100 end
        as happy_share,  -- of the reactions; NULL: fewer than 10
    case when stg_articles.count_reactions >= 10 then stg_articles.sad_reaction_percentage / 100 end
        as sad_share  -- of the reactions; NULL: fewer than 10
from stg_articles
cross join build_clock
inner join places on stg_articles.article_id = places.article_id
left join stg_collections on places.collection_id = stg_collections.collection_id
left join int_staff on stg_articles.author_admin_id = int_staff.staff_id
left join languages on stg_articles.article_id = languages.article_id
left join missing on stg_articles.article_id = missing.article_id
