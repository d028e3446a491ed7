"""Which articles of SQuAD 2.0 the reader learns from, and which it is judged on."""

import hashlib

# Articles of the learning half that are not learnt from: weights of the verdict are fitted on them, too.
DEVELOPMENT = frozenset({"Normans", "Pharmacy"})


def reported(title: str) -> bool:
    """Whether an article is in the half that figures are reported on, which nothing may be learnt from."""
    return hashlib.sha256(title.encode()).digest()[0] % 2 == 1
