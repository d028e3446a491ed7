"""What one pass of training reads: the sets at their weights, with fresh negatives each time.

Four kinds of question have no answer in the passage they come with: those people wrote for SQuAD 2.0;
edited ones; ones whose answering sentence was taken out; and ones put to the most similar passage that does
not hold the answer, as our own retriever finds it.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.encode import Encoder
from index.records import Span
from rag.reader.edits import edited, without_answer
from rag.reader.examples import Example

_NEAREST = 12
_DISTRACTORS = 3


@dataclass(frozen=True, slots=True)
class Data:
    """What there is to learn from.

    Attributes:
        paragraphs: SQuAD 2.0 questions of the training half.
        sentences: QAMR: many questions a sentence.
        others: `qed_dev` and `covidqa`.
    """

    paragraphs: tuple[Example, ...]
    sentences: tuple[Example, ...]
    others: tuple[Example, ...]


class Mixture:
    """Makes the examples of each pass.

    Args:
        data: The sets.
        encoder: Finds similar passages.
    """

    def __init__(self, data: Data, encoder: Encoder) -> None:
        self._data = data
        self._near_paragraphs = _Near(sorted({e.passage for e in data.paragraphs}), encoder)
        self._near_sentences = _Near(sorted({e.passage for e in data.sentences}), encoder)
        self._questions: dict[str, list[str]] = defaultdict(list)
        for example in (*data.paragraphs, *data.sentences, *data.others):
            self._questions[example.topic].append(example.question)
        everything = [example.question for example in data.sentences]
        for topic, questions in self._questions.items():
            if len(questions) < 5:
                self._questions[topic] = everything
        self._asked = _question_vectors([*data.paragraphs, *data.sentences], encoder)

    def make(self, number: int, seed: int, share: float) -> list[Example]:
        """The examples of pass `number`, in random order.

        Args:
            share: Of QAMR in this pass; SQuAD 2.0 is read whole each time.
        """
        chance = random.Random(f"{seed}-{number}")
        answered = [e for e in self._data.paragraphs if e.spans]
        made = list(self._data.paragraphs)
        made += [
            m for e in _some(answered, 0.7, chance) if (m := edited(e, self._questions[e.topic], chance))
        ]
        made += [m for e in _some(answered, 0.2, chance) if (m := without_answer(e))]
        made += [
            m
            for e in _some(answered, 0.3, chance)
            if (m := self._misplaced(e, self._near_paragraphs, chance))
        ]
        sentences = _some(list(self._data.sentences), share, chance)
        made += [self._among_others(e, chance) for e in sentences]
        made += [
            self._among_others(m, chance)
            for e in _some(sentences, 0.4, chance)
            if (m := edited(e, self._questions[e.topic], chance))
        ]
        made += [
            self._among_others(m, chance)
            for e in _some(sentences, 0.2, chance)
            if (m := self._misplaced(e, self._near_sentences, chance))
        ]
        others = _some(list(self._data.others), 0.5, chance)
        made += others
        made += [m for e in _some(others, 0.4, chance) if (m := without_answer(e))]
        made += [m for e in _some(others, 0.3, chance) if (m := edited(e, self._questions[e.topic], chance))]
        chance.shuffle(made)
        return made

    def _misplaced(self, example: Example, near: "_Near", chance: random.Random) -> Example | None:
        """The question with a similar passage that does not hold its answer."""
        answers = {example.passage[a.start : a.end].lower() for a in example.spans}
        fitting = [
            text
            for text in near.to(self._asked[example.question])
            if text != example.passage and not any(answer in text.lower() for answer in answers)
        ]
        if not fitting:
            return None
        return replace(
            example, passage=chance.choice(fitting[:4]), spans=(), source=f"{example.source}+misplaced"
        )

    def _among_others(self, example: Example, chance: random.Random) -> Example:
        """A sentence put among similar ones, as in a passage."""
        count = chance.choice([0, 0, 1, 1, 2, _DISTRACTORS])
        if not count:
            return example
        answers = {example.passage[a.start : a.end].lower() for a in example.spans}
        near = [
            text
            for text in self._near_sentences.to(self._asked.get(example.question), example.passage)
            if text != example.passage and not any(answer in text.lower() for answer in answers)
        ]
        added = chance.sample(near, min(count, len(near)))
        at = chance.randint(0, len(added))
        before = "".join(text + " " for text in added[:at])
        after = "".join(" " + text for text in added[at:])
        spans = tuple(Span(s.start + len(before), s.end + len(before)) for s in example.spans)
        return replace(example, passage=before + example.passage + after, spans=spans)


class _Near:
    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        self._texts = texts
        self._vectors = encoder.encode(texts)
        self._at = {text: at for at, text in enumerate(texts)}

    def to(self, vector: NDArray[np.float32] | None, passage: str = "") -> list[str]:
        """The texts nearest a vector, or nearest one of the texts, nearest first."""
        asked = self._vectors[self._at[passage]] if vector is None else vector
        scores = self._vectors @ asked
        best = np.argpartition(-scores, _NEAREST)[:_NEAREST]
        return [self._texts[at] for at in best[np.argsort(-scores[best])]]


def _question_vectors(examples: Sequence[Example], encoder: Encoder) -> dict[str, NDArray[np.float32]]:
    texts = sorted({example.question for example in examples})
    return dict(zip(texts, encoder.encode(texts, query=True), strict=True))


def _some(examples: Sequence[Example], share: float, chance: random.Random) -> list[Example]:
    return chance.sample(list(examples), round(share * len(examples)))
