-- error: An article is loaded once.
select article_id
from stg_articles
group by article_id
having count(*) > 1 or article_id is null
