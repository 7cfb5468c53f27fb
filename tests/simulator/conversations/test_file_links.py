"""Links to files: another one in every answer, good for half an hour, as the reference says of ticket files."""

import re

SIGNED = re.compile(r"https://downloads\.example\.com/i/o/\d+\?expires=(\d+)&signature=(\w+)")


def test_every_answer_signs_the_same_file_anew(lively, lively_api):
    with_file = next(each for each in lively.truth()["tickets"] if "downloads.example.com" in str(each))
    told = []
    for _ in range(2):
        shown = lively_api.get(f"/tickets/{with_file['id']}")
        told.append(set(SIGNED.findall(shown.text)))
        lively.clock(advance=5)
    [(first_end, first)], [(second_end, second)] = told
    assert int(first_end) == lively.clock() - 10 + 1_800
    assert int(second_end) == int(first_end) + 5
    assert first != second
    assert first not in str(lively.truth()["tickets"]), "the workspace itself has no signatures"
