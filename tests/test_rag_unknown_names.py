"""A question about somebody no document mentions has no answer; another form of a name is not unknown."""

import pytest

from rag import Rag, RagSettings
from rag.unknown_names import unheard_names
from rag.vocabulary import Lexicon, understand

TEXT = """# The Harlow weir

Ilva Marn of the River Rescue Board opened the weir at Harlow in 1987. She is Norwegian and lives in Bergen.

The mayor of Harlow thanked the WHO and the keeper, Jorn Vask, for the new gates.
"""


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    docs = tmp_path_factory.mktemp("weir")
    (docs / "weir.md").write_text(TEXT, encoding="utf-8")
    settings = RagSettings(home=tmp_path_factory.mktemp("home"))
    return Rag.open(docs, settings=settings)


@pytest.mark.parametrize(
    ("question", "unheard"),
    [
        ("Who is the mayor of Zorbland?", ("Zorbland",)),
        ("What did Gandalf open at Harlow?", ("Gandalf",)),
        ("Who opened the weir of Harlow and Zorbland?", ("Zorbland",)),
        ("What did Ilva Marn open?", ()),
        ("What did Ilva Petersen open?", ("Petersen",)),  # the Ilva who is there has another name
        ("What did the RRB open?", ()),  # stands in full
        ("Whom did the World Health Organization thank?", ()),  # stands abbreviated
        ("Where do Norwegians live?", ()),
        ("Who lives in Norway?", ()),  # as an adjective
        ("Who opened the weir in Sept 1988?", ()),
        ("WHO OPENED THE WEIR OF ZORBLAND?", ()),  # nothing tells names apart
        ("Who Is the Mayor of Zorbland?", ()),
        ("Who Thanked Zorbland?", ()),
        ("who is the mayor of zorbland?", ()),
        ("When did Ilva Marn visit Zorbland?", ("Zorbland",)),
        ("Who thanked Zorbland?", ("Zorbland",)),
        ("What did I do in Zorbland?", ("Zorbland",)),
    ],
)
def test_names_nothing_explains(rag: Rag, question: str, unheard: tuple[str, ...]) -> None:
    with rag._current.use() as index:
        texts = [passage.text for passage in rag.search(question)]
        assert unheard_names(understand(question, Lexicon(index)), texts, Lexicon(index)) == unheard


def test_the_answer_names_the_name_only(rag: Rag) -> None:
    answer = rag.ask("What does Gandalf of Harlow think about the weir?")
    assert answer.status == "abstained"
    assert answer.text == "The documents do not say. No document mentions “Gandalf”."
    assert "Gandalf" in answer.trace.unknown_words


def test_ordinary_words_are_not_blamed(rag: Rag) -> None:
    """That no document says "mention" or "happened" explains nothing."""
    answer = rag.ask("What kind of thing happened?")
    assert answer.status == "abstained" and answer.text == "The documents do not say."
