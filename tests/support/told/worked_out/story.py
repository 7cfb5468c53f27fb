"""What a story of a conversation is marked with: the figures that it must have."""


def worked_out(**figures):
    """Say which columns of fct_conversations the story's conversation has, worked out by hand."""

    def mark(story):
        story.figures = figures
        return story

    return mark


def stories(*modules):
    """Return the marked functions of the modules, in the order of their conversations' ids."""
    marked = [each for module in modules for each in vars(module).values() if hasattr(each, "figures")]
    return sorted(marked, key=lambda story: int(story()["id"]))
