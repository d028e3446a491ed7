"""A stand-in for `Rag` whose answers are chosen by a word of the question, and a chat over it.

For states that the real program cannot be brought to on demand: stopping half-way, errors,
disagreements. Run as a file it serves the chat on any free port and prints the address.
"""

import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.errors import DocumentUnknown, IndexCorrupt, ModelError
from index.records import Document
from rag.conversation import NOTHING_ASKED
from rag.records import (
    Answer,
    Citation,
    Conflict,
    ConflictValue,
    Done,
    Event,
    Found,
    Passage,
    Said,
    Scores,
    Searching,
    Sentence,
    ShortAnswer,
    Support,
    Trace,
)
from rag.settings import RagSettings

TEXT = "🍎🍏 Orchard notes.\r\nThe harvest weighed 47 tons. The mill closed in 1987. Nobody kept the key.\r\n"
QUOTES = ("The harvest weighed 47 tons.", "The mill closed in 1987.", "Nobody kept the key.")
SECRET = "a-secret-in-an-exception"


class ScriptedRag:
    """What the chat needs of `rag.Rag`."""

    folder = Path(__file__).parent / "orchard"
    documents = ("orchard.txt",)
    skipped = ()
    fingerprint = "0" * 16
    settings = RagSettings()

    def __init__(self, index_folder: Path) -> None:
        self.index_folder = index_folder
        self.document_record = Document("orchard.txt", "0" * 64, TEXT, "Orchard notes", "1988")
        self.histories: list[list[dict[str, str]]] = []
        self.released = threading.Event()

    def refresh(self, progress: Any = None) -> None:
        """Updating the index lets go of the questions that are held."""
        self.released.set()

    def document(self, path: str) -> Document:
        if path != self.document_record.path:
            raise DocumentUnknown(path)
        return self.document_record

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        last = list(self.stream(question, history))[-1]
        assert isinstance(last, Done)
        return last.answer

    def stream(self, question: str, history: Sequence[Any] = ()) -> Iterator[Event]:
        self.histories.append(list(history))
        break_down(question)
        if "hold" in question:
            assert self.released.wait(60)
        yield Searching(question, 1)
        yield Found(passages())
        if "change" in question:
            self.document_record = replace(self.document_record, sha256="1" * 64)
        if refused := refusal(question):
            yield Done(refused)
            return
        whole = changed(question, answer(question, "partial" if "partial" in question else "answered"))
        for place, sentence in enumerate(whole.sentences):
            yield Said(sentence, whole.citations[place : place + 1])
            if "slow" in question:
                threading.Event().wait(4)
        yield Done(whole)


def break_down(question: str) -> None:
    """Raise what a word of the question wants raised."""
    if "broken" in question:
        raise IndexCorrupt("the word index is damaged; `rag index --repair` rebuilds it")
    if "crash" in question:
        raise ValueError(SECRET)
    if question.startswith("fail "):
        raise ModelError(question.removeprefix("fail "))
    if "unplugged" in question:
        raise ModelError("the server at 127.0.0.1:9 does not answer; start it, or choose another generator")


def refusal(question: str) -> Answer | None:
    """An abstention, where a word of the question wants one."""
    told = answer(question, "abstained")
    if question.startswith("deny "):
        hostile = question.removeprefix("deny ")
        trace = replace(told.trace, unknown_words=(hostile,), corrected=(hostile,))
        return replace(told, query=hostile, missing=("x", hostile), text=hostile, trace=trace)
    if "empty" in question:
        told = replace(told, trace=replace(told.trace, searched=0), passages=())
    if "greeting" in question:
        told = replace(told, text=NOTHING_ASKED, missing=())
    return told if "abstain" in question else None


def changed(question: str, whole: Answer) -> Answer:
    """The answer as a word of the question wants it."""
    if question.startswith("say "):
        hostile = question.removeprefix("say ")
        whole = replace(
            whole,
            text=hostile,
            short_answer=None,
            missing=(hostile,),
            sentences=(Sentence(hostile, (1, 2, 9), Support("partly", "quote", 0.5, (hostile,))),),
            citations=(
                replace(whole.citations[0], title=hostile, heading=hostile, date=hostile),
                replace(whole.citations[1], title=hostile, document=hostile, quote=hostile),
            ),
            conflicts=(Conflict("number", hostile, (ConflictValue(hostile, 1, hostile),)),),
            trace=replace(whole.trace, generator=hostile, notes=(hostile,), corrected=(hostile,)),
        )
    if "doubt" in question:
        first = replace(whole.sentences[0], support=Support("partly", "figure", 0.5, ("47",)))
        whole = replace(whole, sentences=(first, *whole.sentences[1:]))
    if "model" in question:
        used: dict[str, Any] = {"tokens": {"input": 120, "output": 30}, "cost": 0.0012}
        notes, rejected = ("the question was shortened",), ("The moon is green.",)
        whole = replace(whole, trace=replace(whole.trace, notes=notes, rejected=rejected, **used))
    if "follow" in question:
        whole = replace(whole, query=f"{question} (orchard harvest)")
    return whole


def citations() -> tuple[Citation, ...]:
    out, written = [], 0
    for number, quote in enumerate(QUOTES, 1):
        start = TEXT.index(quote)
        out.append(
            Citation(
                number=number,
                document="orchard.txt",
                sha256="0" * 64,
                title="Orchard notes",
                start=start,
                end=start + len(quote),
                quote=quote,
                answer_start=written,
                answer_end=written + len(quote),
                page=None,
                heading=None,
                date="1988",
                score=0.9,
            )
        )
        written += len(quote) + len(" [1] ")
    return tuple(out)


def passages() -> tuple[Passage, ...]:
    places = [(TEXT.index(quote), quote) for quote in QUOTES]
    return tuple(Passage("orchard.txt", at, at + len(q), q, 0.9, Scores(dense=0.6)) for at, q in places)


def answer(question: str, status: Any = "answered", **changes: Any) -> Answer:
    """An answer in three verbatim sentences, or an abstention."""
    said = status != "abstained"
    supported = Support("supported", "verbatim")
    values = (ConflictValue("47 tons", 1, "1988"), ConflictValue("1987", 2, None))
    fields: dict[str, Any] = {
        "id": "f" * 12,
        "question": question,
        "query": question,
        "text": " ".join(f"{q} [{n}]" for n, q in enumerate(QUOTES, 1))
        if said
        else "The documents do not say.",
        "status": status,
        "confidence": None,
        "short_answer": ShortAnswer("47 tons", 0, 20, 27) if said else None,
        "missing": ("the price of a ton",) if status == "partial" else () if said else (question,),
        "sentences": tuple(Sentence(q, (n,), supported) for n, q in enumerate(QUOTES, 1)) if said else (),
        "citations": citations() if said else (),
        "passages": passages(),
        "conflicts": (Conflict("number", "harvest", values),) if "conflict" in question else (),
        "trace": Trace("scripted", "0", 1, 1, unknown_words=() if said else ("abstain",)),
    }
    return Answer(**{**fields, **changes})


if __name__ == "__main__":
    import sys

    from ui.serve import Access, free_port, serving, wait_for_end
    from ui.users import Sessions, read_users

    with tempfile.TemporaryDirectory() as folder:
        rag: Any = ScriptedRag(Path(folder))
        users = Sessions(read_users(Path(sys.argv[1]))) if sys.argv[1:] else None
        with serving(rag, "127.0.0.1", free_port("127.0.0.1", 0), Access(users)) as url:
            print(f"Chat: {url}", flush=True)  # noqa: T201 - its caller reads the address
            wait_for_end()
