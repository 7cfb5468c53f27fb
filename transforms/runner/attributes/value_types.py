"""The types of custom attributes: which texts are a value of each, and what they are converted to."""

# A value that does not look like its type becomes NULL rather than an error: Intercom does not enforce types.
TYPED = {
    "integer": "case when regexp_matches({text}, '^-?[0-9]{{1,18}}$') then cast({text} as bigint) end",
    "float": (
        "case when regexp_matches({text}, '^-?[0-9]{{1,250}}([.][0-9]{{1,250}})?$') "
        "or regexp_matches({text}, '^-?[0-9]{{1,30}}([.][0-9]{{1,30}})?[eE][-+]?[0-9]{{1,2}}$') "
        "or regexp_matches({text}, '^-?[0-9]([.][0-9]{{1,30}})?[eE][-+]?[12]?[0-9]{{1,2}}$') "
        "then cast({text} as double) end"
    ),
    "boolean": "case lower({text}) when 'true' then true when 'false' then false end",
    # unix seconds; eleven digits and more are milliseconds
    "date": "case when regexp_matches({text}, '^-?[0-9]{{1,10}}$') then to_timestamp(cast({text} as bigint)) end",
}


def typed(text: str, data_type: str) -> str:
    """Return the expression that converts an attribute's text to its declared type; NULL if it does not fit."""
    return TYPED.get(data_type, "{text}").format(text=text)


def misfits_query(attribute_values: str) -> str:
    """Return a query of a table like int_custom_attributes: which attributes have values that are of none of the types.

    A row has object, attribute, and for each of TYPED 1 where it does not fit a value, else 0.
    """
    found = ", ".join(
        f"max(case when {typed('attribute_values.value', one)} is null then 1 else 0 end) as is_not_{one}"
        for one in TYPED
    )
    return (
        "-- One row per attribute whose values are not all text.\n"
        f"select attribute_values.object, attribute_values.attribute, {found} from {attribute_values} "
        "as attribute_values where attribute_values.data_type <> 'string' "
        "group by attribute_values.object, attribute_values.attribute"
    )
