"""Whose word a question asks for, and whose word a document is."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Document
from index.words import term_set
from rag import Rag
from rag.speakers import speaker, writer, wrote

PAPERS = {
    "a.txt": "Reed beds of the northern lakes\n\nK. Halm and O. Steen (2016)\n\nMethods\n\nWe "
    "counted warblers in"
    " 30 reed beds.\n\nDiscussion\n\nWe attribute the decline of the warblers to mowing in May.\n",
    "b.txt": "Reed beds of the northern lakes, ten years on\n\nP. Varga (2024)\n\nResults\n\nHalm "
    "and Steen (2016)"
    " described a decline of the warblers.\n\nDiscussion\n\nThe decline of the warblers is due to "
    "a lack of insects."
    "\n",
    "c.eml": "From: Nora Quist <nora@lake.example>\nSubject: Warblers\nDate: Mon, 3 Mar 2025 "
    "10:00:00 +0000\n\n"
    "I think the decline of the warblers comes from cats.\n",
}


@pytest.fixture(scope="module")
def reeds(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """Two papers and a mail that explain one thing differently."""
    folder = tmp_path_factory.mktemp("reeds")
    (documents := folder / "documents").mkdir()
    for name, text in PAPERS.items():
        Path(documents, name).write_text(text, encoding="utf-8")
    return Rag.open(documents, index=folder / "index")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("According to Halm, what causes the decline of the warblers?", "mowing in May"),
        ("What does Halm say is the reason for the decline of the warblers?", "mowing in May"),
        ("According to Varga, what causes the decline of the warblers?", "a lack of insects"),
        ("According to Nora Quist, what causes the decline of the warblers?", "cats"),
        ("How many reed beds were counted in Steen's study?", "30 reed beds"),
    ],
)
def test_the_one_asked_about_is_heard_first(reeds: Rag, question: str, said: str) -> None:
    """Be it the author under a title or the sender of a mail, who need not say the own name."""
    answer = reeds.ask(question)
    first = [item.quote for item in answer.citations if item.document == answer.citations[0].document]
    assert any(said in quote for quote in first)


def test_others_are_not_heard(reeds: Rag) -> None:
    """Where one is asked for who says it, what another says of it is not told behind it."""
    reasons = {"Halm": "mowing in May", "Varga": "a lack of insects", "Nora Quist": "cats"}
    for asked in reasons:
        told = reeds.ask(f"According to {asked}, what causes the decline of the warblers?").text
        assert [name for name, reason in reasons.items() if reason in told] == [asked]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("According to Halm and Steen, how many are left?", "halm steen"),
        ("What did Dr. Halm find about reeds?", "halm"),
        ("Did Halm measure the wind?", "halm"),
        ("Where was Halm's study carried out?", "halm"),
        ("What is said of Halm?", ""),
        ("According to the handbook, when does it open?", ""),
        ("What did the council say?", ""),
    ],
)
def test_whose_word_is_asked(question: str, name: str) -> None:
    """Only a name is somebody's."""
    assert speaker(question) == term_set(name)


@pytest.mark.parametrize(
    ("text", "metadata", "names"),
    [
        ("On reeds\n\nK. Halm, O. Steen and A. Sørby (2019)\n\nWe …", {}, "K. Halm, O. Steen and A. Sørby"),
        ("On reeds\n\nHalm, K., Steen, O. (2019)\n", {}, "Halm, K., Steen, O."),
        ("# On reeds\n\nby Karin Halm\n\nWe …", {}, "Karin Halm"),
        ("On reeds\n\nWe met K. Halm at the lake.\n", {}, ""),
        ("On reeds\n", {"author": "Karin Halm"}, "Karin Halm"),
    ],
)
def test_who_wrote_a_document(text: str, metadata: Mapping[str, str], names: str) -> None:
    """Its metadata tell, or the line of names under its title; a name in a sentence does not."""
    assert writer(Document("a.txt", "0", text, metadata=metadata), "") == names


def test_who_wrote_what_a_mail_repeats() -> None:
    """The line above it names the writer, not the sender of the mail."""
    mail = Document("m.eml", "0", "x", metadata={"author": "Bo <b@x.example>"}, format="eml")
    by = writer(mail, "Quoted: On Mon, 5 May 2025, Ann Lee wrote:")
    assert wrote(speaker("According to Ann Lee, what is it?"), by)
    assert not wrote(speaker("According to Bo, what is it?"), by)


@given(st.text(max_size=300))
def test_any_text_has_writers_or_none(text: str) -> None:
    """Whatever a file begins with, its writers are words of it."""
    assert writer(Document("a.txt", "0", text), "") in text
