"""Sentences that cannot be understood alone: "He said so." needs the sentence before it."""

import re

# "It is clear that …" and the like point at nothing before them.
_EMPTY_IT = re.compile(
    r"it (?:is|was|has been|will be|would be|may be|seems?|appears?|took|takes)"
    r"(?: \w+){0,2}? (?:that|to|whether|reported|said|believed|expected|unclear|clear|possible|likely)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"[\W_]*(?:(?:and|but|so|however|also|then|yet|in addition|moreover|thus|still),? )?"
    r"(?:he|she|it|they|him|them|his|her|its|their|theirs|this|these|those|that(?! is\b)|such|both|the latter"
    r"|the former|the same|there(?= )(?! (?:is|are|was|were|has|have|will|may|can|could|would|should)\b))\b",
    re.IGNORECASE,
)
# Of the sentence before.
_FOOTNOTES = re.compile(r"^(?:\s*\[[^\[\]\n]{1,20}\](?![(\w]))*")
_QUOTED_WHOLE = re.compile(r"\s*[“\"«„][^”\"»“]*[”\"»“]\W*")


def leans_back(sentence: str) -> bool:
    """Whether a sentence opens with a bare pronoun, or is a quotation that does not say whose."""
    if _QUOTED_WHOLE.fullmatch(sentence):
        return True
    sentence = _FOOTNOTES.sub("", sentence, count=1)
    bare = _BARE.match(sentence)
    if bare is None or bare.group().endswith("IT"):  # the computers of a firm
        return False
    return not _EMPTY_IT.match(sentence.lstrip("“\"'‘"))
