"""How many tokens a text is, without its tokens.

The tokenizer of BERT and its kin reads each word by itself, so the length of a text is the sum over its
words, and words come again: remembered counts cost a tenth of the tokens. Others are asked each time.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

# Blanks that every such tokenizer takes for the end of a word; others stay inside, which costs memory only.
_WORD = re.compile(r"[^ \t\r\n]+")
_KEPT = 1 << 16
_LONGEST_KEPT = 40


def counter(tokenizer: Any) -> Callable[[str], int]:
    """A function from a text to its length in tokens of a `tokenizers.Tokenizer`, special ones included."""

    def whole(text: str) -> int:
        return len(tokenizer.encode(text))

    def alone(word: str) -> int:
        return len(tokenizer.encode(word, add_special_tokens=False))

    if not _word_by_word(tokenizer):
        return whole
    remembered = lru_cache(maxsize=_KEPT)(alone)
    ends = whole("")

    def added_up(text: str) -> int:
        words = _WORD.findall(text)
        return ends + sum([(remembered if len(word) <= _LONGEST_KEPT else alone)(word) for word in words])

    return added_up


def _word_by_word(tokenizer: Any) -> bool:
    parts = json.loads(tokenizer.to_str())
    kinds = [(parts.get(name) or {}).get("type") for name in ("normalizer", "pre_tokenizer", "model")]
    # An added token may hold blanks of its own.
    spaced = any(_WORD.fullmatch(token["content"]) is None for token in parts.get("added_tokens", ()))
    return kinds == ["BertNormalizer", "BertPreTokenizer", "WordPiece"] and not spaced
