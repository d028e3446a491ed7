"""Opening: which index is used, whose generator, and what each mistake is called."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from conftest import SEEDS

from index import DocumentsMissing, IndexCorrupt, IndexMismatch, ModelMissing
from index.errors import GeneratorError, SettingsError
from rag import Rag, RagSettings, ask, load_settings
from rag.generators import Evidence, Statement
from rag.records import Said

TROOPS = "How many additional troops did NATO deploy?"


@pytest.fixture
def plain(tmp_path: Path) -> RagSettings:
    """Settings with the encoder that needs no model, and a home of their own."""
    return load_settings(index={"encoder": "hash:"}, home=tmp_path / "home")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("The Quillmere kiln burns oak and ash all winter long.\n", encoding="utf-8")
    return folder


def test_without_a_documents_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the default folder does not exist, the error says which option to give."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DocumentsMissing, match="no documents folder; pass --docs"):
        ask(TROOPS)
    assert not list(tmp_path.glob("**/index.sqlite"))


def test_a_missing_folder_is_named(tmp_path: Path, plain: RagSettings) -> None:
    """A folder that was named but does not exist, or is a file, is an error with its name."""
    (tmp_path / "file.txt").write_text("Not a folder.", encoding="utf-8")
    for name in ("nowhere", "file.txt"):
        with pytest.raises(DocumentsMissing, match=name):
            Rag.open(tmp_path / name, settings=plain)
    assert not (tmp_path / "home").exists()


def test_an_empty_folder(tmp_path: Path, plain: RagSettings) -> None:
    """A folder with nothing to read is an error, not an index that never answers."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(DocumentsMissing, match="empty"):
        Rag.open(tmp_path / "empty", settings=plain)


def test_an_index_of_another_folder(tmp_path: Path, docs: Path, plain: RagSettings) -> None:
    """An index belongs to one folder: asked for another it refuses, and stays as it is."""
    where = tmp_path / "index"
    Rag.open(docs, index=where, settings=plain)
    other = tmp_path / "other"
    shutil.copytree(docs, other)
    with pytest.raises(IndexMismatch, match=r"docs, not from .*other"):
        Rag.open(other, index=where, settings=plain)
    assert Rag.open(docs, index=where, settings=plain).documents == ("a.txt",)


def test_an_index_opens_by_itself(tmp_path: Path, docs: Path, plain: RagSettings) -> None:
    """An index given alone, by path or address, answers for the folder it was built from."""
    where = tmp_path / "index"
    Rag.open(docs, index=where, settings=plain)
    for address in (where, str(where), f"faiss://{where}"):
        assert Rag.open(index=address, settings=plain).folder == docs.resolve()


def test_an_index_by_another_encoder(seeds_index: str, plain: RagSettings) -> None:
    """Vectors of one encoder are never searched with another's: the error names both and the cure."""
    rag = Rag.open(SEEDS, index=seeds_index, settings=plain)
    assert rag.documents
    with pytest.raises(IndexMismatch, match=r"built by the encoder .*hash-256.*rag index"):
        rag.ask(TROOPS)


def test_a_damaged_index(docs: Path, plain: RagSettings) -> None:
    """A damaged projection is an error that names the repair, and no answer from half an index."""
    folder = Rag.open(docs, settings=plain)._current.index.folder
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "sqlite" not in file.name and "lock" not in file.name:
            file.write_bytes(b"garbage")
    with pytest.raises(IndexCorrupt, match="rag index"):
        Rag.open(docs, settings=plain)


def test_an_unknown_generator(docs: Path, plain: RagSettings) -> None:
    """A generator nobody knows fails at opening, with the names there are."""
    with pytest.raises(SettingsError, match=r"'oracle'; there is: extractive"):
        Rag.open(docs, settings=plain, generator="oracle")


def test_an_encoder_that_is_not_there(tmp_path: Path, docs: Path) -> None:
    """An encoder folder that does not exist is named, and no index is left behind."""
    settings = load_settings(index={"encoder": str(tmp_path / "no-model")}, home=tmp_path / "home")
    with pytest.raises(ModelMissing, match="no-model"):
        Rag.open(docs, settings=settings)


class Scripted:
    """A generator of one's own that says what it was told to."""

    name = "scripted"

    def __init__(self, *statements: Statement | Exception) -> None:
        self.statements = statements
        self.seen: list[Evidence] = []

    def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Statement]:
        self.seen = list(evidence)
        for statement in self.statements:
            if isinstance(statement, Exception):
                raise statement
            yield statement


def scripted(index: str, *statements: Statement | Exception, strict: bool = True) -> tuple[Rag, Scripted]:
    generator = Scripted(*statements)
    settings = load_settings(answer={"strict": strict})
    return Rag.open(SEEDS, index=index, generator=generator, settings=settings), generator


FIRST = "NATO has deployed 700 additional troops to northern Kosovo"


def number_of(index: str) -> int:
    """The evidence number of the sentence that answers."""
    rag, generator = scripted(index)
    rag.ask(TROOPS)
    return next(item.number for item in generator.seen if item.text.startswith(FIRST))


def test_unknown_pointers(seeds_index: str) -> None:
    """A pointer to evidence that was not given, or given twice, is dropped and recorded."""
    right = number_of(seeds_index)
    rag, _ = scripted(seeds_index, Statement(FIRST + ".", (999, right, right, 0)))
    answer = rag.ask(TROOPS)
    assert answer.sentences[0].citations == (1,) and len(answer.citations) == 1
    assert answer.trace.dropped == (999, right, 0) and answer.trace.generator == "scripted"


def test_only_unknown_pointers(seeds_index: str) -> None:
    """A true sentence that points at nothing is unsupported; alone it makes an abstention."""
    rag, _ = scripted(seeds_index, Statement(FIRST + ".", (999,)))
    answer = rag.ask(TROOPS)
    assert (answer.status, answer.citations, answer.sentences) == ("abstained", (), ())
    assert FIRST not in answer.text and answer.trace.dropped == (999,)


@pytest.mark.parametrize(
    ("lie", "reason", "missing"),
    [
        ("NATO has deployed 7,000 additional troops to northern Kosovo.", "figure", "7,000"),
        ("NATO has deployed 700 additional troops to northern Iceland.", "name", "Iceland"),
        (
            "NATO said “the troops will never leave” in northern Kosovo.",
            "quote",
            "the troops will never leave",
        ),
    ],
)
def test_a_lie(seeds_index: str, lie: str, reason: str, missing: str) -> None:
    """A wrong figure, name or quotation is called unsupported, and alone it is never said."""
    right = number_of(seeds_index)
    rag, _ = scripted(seeds_index, Statement(lie, (right,)), Statement(FIRST + ".", (right,)), strict=False)
    said = [event for event in rag.stream(TROOPS) if isinstance(event, Said)]
    support = said[0].sentence.support
    assert (support.label, support.reason, support.missing) == ("not", reason, (missing,))
    rag, _ = scripted(seeds_index, Statement(lie, (right,)))
    assert [event for event in rag.stream(TROOPS) if isinstance(event, Said)] == []
    answer = rag.ask(TROOPS)
    assert (answer.status, answer.citations) == ("abstained", ()) and missing not in answer.text


def test_a_lie_beside_the_truth(seeds_index: str) -> None:
    """Not strictly, a lie is shown with its label beside a supported sentence, so a face can mark it."""
    right = number_of(seeds_index)
    truth, lie = (
        Statement(FIRST + ".", (right,)),
        Statement("NATO deployed 9,999 troops to Kosovo.", (right,)),
    )
    answer = scripted(seeds_index, truth, lie, strict=False)[0].ask(TROOPS)
    assert answer.status == "answered"
    assert [sentence.support.label for sentence in answer.sentences] == ["supported", "not"]
    answer = scripted(seeds_index, truth, lie)[0].ask(TROOPS)
    assert [sentence.text for sentence in answer.sentences] == [truth.text]
    assert answer.trace.rejected == (lie.text,)


@pytest.mark.parametrize("statements", [(), (Statement("", (1,)), Statement(" \n", ()))])
def test_a_generator_with_nothing_to_say(seeds_index: str, statements: tuple[Statement, ...]) -> None:
    """No statement, or blank ones, is an abstention that names the question as missing."""
    answer = scripted(seeds_index, *statements)[0].ask(TROOPS)
    assert (answer.status, answer.sentences, answer.missing) == ("abstained", (), (TROOPS,))


def test_a_part_left_out_by_the_generator(seeds_index: str) -> None:
    """A part of the question for which the generator says nothing is named as missing."""

    class Half(Scripted):
        def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Statement]:
            if "troops" in question:
                found = next(item for item in evidence if item.text.startswith(FIRST))
                yield Statement(found.text, (found.number,))

    rag = Rag.open(SEEDS, index=seeds_index, generator=Half())
    answer = rag.ask(f"{TROOPS} Who is the Secretary General of NATO?")
    assert answer.status == "partial"
    assert answer.missing == ("Who is the Secretary General of NATO?",)


def test_a_generator_that_fails(seeds_index: str) -> None:
    """An error of one's own generator is told with its name and its cause; the next question is answered."""
    rag, generator = scripted(seeds_index, Statement(FIRST, (1,)), RuntimeError("the model is gone"))
    with pytest.raises(GeneratorError, match=r"'scripted' broke down .*the model is gone") as caught:
        rag.ask(TROOPS)
    assert isinstance(caught.value.__cause__, RuntimeError)
    generator.statements = (Statement(FIRST + ".", (number_of(seeds_index),)),)
    assert rag.ask(TROOPS).status == "answered"
