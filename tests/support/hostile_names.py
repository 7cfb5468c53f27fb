"""Names that people could give to an attribute, and that mean something to a database, to JSON, Jinja or YAML."""

HOSTILE_NAMES = [
    *("contact_id", "object_id", "attribute", "value", "object", "texts", "int_custom_attributes", "a0", "name"),
    *("ends in \\", '"', '$"x', "$", "$.a", "$[0]", "/", "/~1", "~", "~0", "*", "$**", "[*]", "#", "0", "-1", "", " "),
    *("{{ 1/0 }}", "{{ ref('x') }}", "{% raw %}", "{% endraw %}", "{# gone #}", "{{{", "{{ '", "%s", "%(x)s", "100%"),
    *("dbt__ref__stg_contacts__dbt", "DBT__SOURCE__contacts__DBT", "x' as y --", "'; drop table t; --", "/* */", "--"),
    *(
        "yes",
        "on",
        "null",
        "select",
        "ctid",
        "xmin",
        "rowid",
        "a\nb",
        "a\r\nb",
        "{\r{%",
        "a\u2028b",
        "a\u0085b",
        "\ufeff",
    ),
    *("plan", "Plan", "PLAN!", "plan_text", "plan_2", "客户", "é", "e\u0301", "\ufdd0", "\uf02a12ab", "\U0010ffff"),
    *("x" * 80, "x" * 81, ": - |", "&a", "*a", "!!python/object:os.system", "🔥", "a: b", "[]", "\x7f", "\x01"),
]
