"""Looking for texts in the bytes of files: what SQL no longer shows may still stand on the disk."""

import json


def found(texts, *places):
    """Return (file, text) for each of `texts` that a file holds, in folders and files of `places`."""
    written = {text: {text.encode(), json.dumps(text)[1:-1].encode()} for text in texts}
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    return [
        (file.name, text)
        for file in files
        for content in [file.read_bytes()]
        for text, forms in written.items()
        if any(form in content for form in forms)
    ]
