"""Many words as one tree of their letters find what they find one by one."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from diffing.spelled import any_of

letters = st.text(alphabet="가나다a.(|", min_size=1, max_size=5)


@given(st.lists(letters, min_size=1, max_size=12), st.text(alphabet="가나다a.(| ", max_size=30))
def test_a_tree_finds_what_an_alternation_of_the_longest_first_finds(words: list[str], text: str):
    one_by_one = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    for around in ("{}", "(?<!가){}(?=나|$)"):
        found = re.findall(around.format(any_of(words)), text)
        assert found == re.findall(around.format(f"(?:{one_by_one})"), text)


def test_words_with_one_beginning_share_it():
    assert any_of(["금강", "금정", "금"]) == "(?:금(?:강|정)?)"
