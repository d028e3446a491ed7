"""Lengths added up word by word are those of the tokens, for every text there is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from index.encoders.word_counts import counter

PARTS = [
    "The",
    "unbelievable",
    "naïve",
    "日本語",
    "🙂",
    "don't",
    "3.14",
    "\u200b",
    "\x1c",
    "\u3000",
    "\xa0",
    "ﬁ",
]
SPACES = [" ", "\n", "\t", "\r\n", "", "  ", "\u2028"]


def bert() -> Tokenizer:
    """A tokenizer of BERT's kind with a small vocabulary."""
    words = ["[UNK]", "the", "un", "##believ", "##able", "don", "'", "t", "3", ".", "14", "日", "本", "fi"]
    tokenizer = Tokenizer(models.WordPiece({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


@given(st.lists(st.tuples(st.one_of(st.sampled_from(PARTS), st.text(max_size=6)), st.sampled_from(SPACES))))
@example([("a" * 120, " "), ("b", "")])
def test_the_sum_over_words_is_the_length(parts: list[tuple[str, str]]) -> None:
    """Whatever stands between the words, and whether a word has been met before or not."""
    tokenizer = bert()
    count, text = counter(tokenizer), "".join(word + space for word, space in parts)
    assert count(text) == count(text) == len(tokenizer.encode(text))


@pytest.mark.parametrize("blank", ["pre_tokenizer", "added"])
def test_other_tokenizers_are_asked(blank: str) -> None:
    """Where blanks can be part of a token, each text is encoded whole."""
    tokenizer = bert()
    if blank == "added":
        tokenizer.add_tokens(["the 3"])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    for text in ("the 3 the 3", " the", ""):
        assert counter(tokenizer)(text) == len(tokenizer.encode(text))
