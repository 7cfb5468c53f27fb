"""What becomes of a protected value."""

from sources.intercom.privacy.concealment import hashing


def test_a_link_to_a_file_has_one_hash_however_it_is_signed():
    """Intercom signs it anew in every answer: an audit would find a difference in each record with a file."""
    hashed = hashing("key")
    links = [f"https://files.example/a.png?expires={end}&signature={end}" for end in (1, 2)]
    assert hashed(links[0]) == hashed(links[1]) == hashed("https://files.example/a.png")
    uploads = [[{"type": "upload", "name": "a", "url": f"https://files.example/a?x={end}"}] for end in (1, 2)]
    assert hashed(uploads[0]) == hashed(uploads[1])
    bodies = [f'<p>Look:</p><img src="{link}">' for link in links]
    assert hashed(bodies[0]) == hashed(bodies[1]) != hashed("<p>Look:</p>")
    assert hashed("https://shop.example/?page=1") != hashed("https://shop.example/?page=2")


def test_only_what_is_hashed_is_not_hashed_again():
    """Everybody chooses their own name."""
    hashed = hashing("key")
    assert hashed(hashed("ada@example.com")) == hashed("ada@example.com")
    for name in ("hmac:ada@example.com", "hmac:" + "f" * 63):
        assert name not in hashed(name)
        assert len(hashed(name)) == len("hmac:") + 64


def test_links_that_lead_elsewhere_have_hashes_of_their_own():
    hashed = hashing("key")
    texts = [*(f"https://shop.example/u?user={user}&expires=9" for user in (1, 2)), "?expires=3", "?expires=4"]
    assert len({*map(hashed, texts)}) == len(texts)
    assert all(hashed(text).startswith("hmac:") for text in texts)
