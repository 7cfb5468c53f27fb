"""How conversations come about: an opening message, then a story whose acts are drawn from the dice."""

from simulator.generate.stories.history import add_conversations
from simulator.generate.stories.opening import new_conversation

__all__ = ["add_conversations", "new_conversation"]
