"""What the reader learns from: examples, edited questions, word pieces, and the network it starts as."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoders.model_files import locate
from index.encoders.networks import open_tokenizer
from index.records import Span
from index.settings import IndexSettings
from rag.reader.edits import edited, without_answer
from rag.reader.examples import Example, places, untokenised

torch = pytest.importorskip("torch")

FERRY = (
    "The ferry Aurora left Bergen at noon on 3 May 1998. Captain Ruth Hansen reported a broken rudder. "
    "The largest crane of the northern yard lifted it two days later."
)


def example(question: str, answer: str) -> Example:
    at = FERRY.index(answer)
    return Example(question, FERRY, (Span(at, at + len(answer)),), "ferry", "ours")


@given(
    st.lists(
        st.sampled_from(["Anna", "said", ",", "``", "''", "(", ")", "it", "'s", "4.5", "%", "-LRB-", "é"])
    )
)
def test_text_without_the_spaces_of_a_tokeniser_keeps_its_words_in_place(tokens: list[str]) -> None:
    """Every word can still be cut out of the text that it moved to."""
    text = " ".join(tokens)
    plain, moved = untokenised(text)
    at = 0
    for token in tokens:
        start = text.index(token, at)
        at = start + len(token)
        if token[0] not in "`'-":
            assert plain[moved[start] : moved[at - 1] + 1] == token


def test_a_tokenised_sentence_reads_like_prose() -> None:
    """Marks stand where people write them."""
    assert untokenised("`` Go ! '' said Anna ( 5 ) , who 's here .")[0] == '"Go!" said Anna (5), who\'s here.'


def test_an_answer_that_stands_twice_is_looked_for_near_the_question() -> None:
    """The place in the sentence that shares the question's words is meant."""
    text = "In 1998 the yard opened. The rudder broke in 1998."
    assert [text[s.start - 3 : s.end] for s in places("When did the rudder break?", text, ["1998"])] == [
        "in 1998"
    ]


@pytest.mark.parametrize("seed", range(20))
def test_an_edited_question_names_the_words_that_were_put_in(seed: int) -> None:
    """The marked words stand in the question, and the original question lacked them there."""
    asked = example("When did the ferry Aurora leave the northern yard in 1998?", "noon")
    made = edited(asked, ["What did Captain Ruth Hansen report in Oslo?"], random.Random(seed))
    assert made is not None and not made.spans and made.question != asked.question
    (span,) = made.unmet
    put = made.question[span.start : span.end]
    assert put and asked.question[span.start : span.end] != put


def test_a_passage_without_its_answer_keeps_the_rest() -> None:
    """The sentence that answers goes; the others stay word for word."""
    made = without_answer(example("Who reported a broken rudder?", "Ruth Hansen"))
    assert made is not None and "Hansen" not in made.passage and "largest crane" in made.passage


def test_a_passage_that_says_the_answer_twice_is_left_alone() -> None:
    """Without one of the two sentences the other would still answer."""
    text = "Anna came first. Anna came back. The dog slept."
    assert without_answer(Example("Who came?", text, (Span(0, 4),), "t", "ours")) is None


def test_the_marked_tokens_of_a_pair_are_the_answer() -> None:
    """What the span heads are taught decodes to the answer, also when a long passage is cut."""
    from rag.reader.network import encoder_folder
    from rag.reader.pairs import pair_of

    tokenizer = open_tokenizer(encoder_folder() / "tokenizer.json")
    long = example("Who reported a broken rudder?", "Ruth Hansen")
    at = len("Other news. " * 300)
    moved = tuple(Span(s.start + at, s.end + at) for s in long.spans)
    long = Example(long.question, "Other news. " * 300 + FERRY + " More news." * 300, moved, "ferry", "ours")
    for seed in range(5):
        pair = pair_of(long, tokenizer, random.Random(seed))
        assert pair is not None and pair.stated and len(pair.ids) <= 256
        ((start,), (end,)) = pair.starts, pair.ends
        assert tokenizer.decode(list(pair.ids[start : end + 1])) == "ruth hansen"


def test_the_network_begins_as_the_encoder_it_takes_its_weights_from() -> None:
    """Its layers compute what the published implementation computes."""
    from transformers import AutoModel

    from rag.reader.network import Network, load_encoder

    folder = locate(IndexSettings().encoder).folder
    network = Network().eval()
    load_encoder(network, folder)
    theirs = AutoModel.from_pretrained(str(folder), local_files_only=True).eval()
    ids = torch.tensor([[101, 2040, 2003, 102, 3000, 102], [101, 2040, 102, 102, 0, 0]])
    mask = (ids > 0).long()
    sides = torch.tensor([[0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 0, 0]])
    with torch.no_grad():
        expected = theirs(input_ids=ids, attention_mask=mask, token_type_ids=sides).last_hidden_state
        expected = network.span(expected)[..., 0]
        found = network(ids, sides, mask).starts
    assert torch.allclose(found[mask > 0], expected[mask > 0], atol=1e-3)
