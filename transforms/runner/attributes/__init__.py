"""The marts of custom attributes: a column each, whatever people call them."""
