"""Operations of the API that read something and that no sync loads from, each with the reason."""

_LIST_IS_WHOLE = "the list brings every record whole"

UNUSED_OPERATIONS: dict[str, str] = {
    "GET /admins/{id}": _LIST_IS_WHOLE,
    "GET /teams/{id}": _LIST_IS_WHOLE,
    "GET /tags/{id}": _LIST_IS_WHOLE,
    "GET /segments/{id}": _LIST_IS_WHOLE,
    "GET /ticket_types/{id}": _LIST_IS_WHOLE,
    "GET /help_center/help_centers/{id}": _LIST_IS_WHOLE,
    "GET /help_center/collections/{id}": _LIST_IS_WHOLE,
    "GET /notes/{id}": "the notes of a contact are listed whole; notes cannot be listed without their contact",
    "GET /articles/search": "the list of articles brings more and misses none",
    "GET /conversations": "the search brings the same records and can ask for changed ones only",
    "GET /companies": "leaves out companies without users and ends after 10,000; a scroll is only compared with it",
    "GET /companies/{id}": "the scroll brings companies whole; comparing, `sweep` and `audit` ask for single ones",
    "GET /companies/{id}/contacts": "one call per company for what the contacts themselves tell",
    "GET /companies/{id}/segments": "the scroll brings the segments of every company",
    "POST /companies/list": "as GET /companies, and it asks for the permission to write",
}
