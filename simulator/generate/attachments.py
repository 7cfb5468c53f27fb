"""Files on messages."""

from simulator.dice import Dice
from simulator.record import Record
from simulator.workspace.file_links import UNSIGNED


def new_attachments(dice: Dice, probability: float) -> list[Record]:
    """Return a message's attachments, mostly none; a file that is no picture has no width and height."""
    if not dice.happens(probability):
        return []
    number = dice.within(100, 999_999)
    picture: Record = {
        "type": "upload",
        "name": f"screenshot {number}.png",
        "url": f"https://downloads.example.com/i/o/{number}?{UNSIGNED}",
        "content_type": "image/png",
        "filesize": number,
        "width": 640,
        "height": 480,
    }
    if dice.happens(0.6):
        return [picture]
    return [picture, {**picture, "name": "log ü.txt", "content_type": "text/plain", "width": None, "height": None}]
