"""A model's SELECT as a statement of the warehouse that runs it: what its dialect says otherwise."""
