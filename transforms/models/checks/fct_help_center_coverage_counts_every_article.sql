-- error: Every text of an article is counted in one row, and views are counted once, not once per language.
with

expected as (
    select
        sum(case when int_article_locales.state in ('published', 'draft') then 1 else 0 end) as count_texts,
        sum(case when int_article_locales.is_default_locale then stg_articles.count_views end) as count_views
    from int_article_locales
    inner join stg_articles on int_article_locales.article_id = stg_articles.article_id
),

found as (
    select
        coalesce(sum(count_published + count_drafts), 0) as count_texts,
        sum(count_views) as count_views
    from fct_help_center_coverage
)

select expected.count_texts, found.count_texts as count_found
from expected
cross join found
where
    coalesce(expected.count_texts, 0) <> found.count_texts
    or coalesce(expected.count_views, 0) <> coalesce(found.count_views, 0)
