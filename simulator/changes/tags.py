"""Changes of tags; the copies on conversations, contacts and companies stay, with the name they were written with."""

from simulator.changes.scene import Change, Changed, Scene
from simulator.workspace import contact_lists as lists


def _tag_renamed(scene: Scene) -> Changed:
    tag = scene.any(scene.workspace.tags)
    tag["name"] = f"{tag['name'].split(' v')[0]} v{scene.dice.within(2, 99)}"
    return "tags", tag["id"]


def _tag_created(scene: Scene) -> Changed:
    tag = {"type": "tag", "id": scene.workspace.next_id("tag"), "name": f"new tag {scene.dice.within(1, 9_999)}"}
    scene.workspace.tags.put(tag)
    return "tags", tag["id"]


def _tag_deleted(scene: Scene) -> Changed:
    tag = scene.any(scene.workspace.tags)
    scene.workspace.tags.remove(tag["id"], "deleted")
    return "tags", tag["id"]


def _tag_archived(scene: Scene) -> Changed:
    """Let a tag leave the lists of contacts, which go on counting it (seen live), and whose `updated_at` stays."""
    tag = scene.any(scene.workspace.tags)
    scene.workspace.tags.remove(tag["id"], "archived")
    for contact in list(scene.workspace.contacts):
        if lists.archive_tag(contact, tag["id"]):
            scene.workspace.contacts.put(contact)
    return "tags", tag["id"]


KINDS: dict[str, tuple[float, Change]] = {
    "tag_renamed": (0.5, _tag_renamed),
    "tag_created": (0.5, _tag_created),
    "tag_deleted": (0, _tag_deleted),
    "silent_tag_archived": (0, _tag_archived),
}
