"""Makes small sentence-transformers folders with random weights, to try architectures offline."""

import json
from pathlib import Path
from typing import Any

WORDS = "the of and a to in is was for on that by with as river bridge valve gauge water contract".split()


def make_model(
    folder: Path,
    kind: str = "bert",
    pooling: str = "mean",
    normalise: bool = True,
    dense: bool = False,
    prompts: dict[str, str] | None = None,
) -> Path:
    """Write a model folder of a transformers architecture; the same arguments give the same weights."""
    import torch
    from sentence_transformers import SentenceTransformer, models
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece
    from transformers import AutoModel, PreTrainedTokenizerFast

    torch.manual_seed(7)
    letters = [chr(code) for code in range(33, 127)]
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *letters, *(f"##{c}" for c in letters)]
    vocabulary = {name: number for number, name in enumerate(dict.fromkeys(names))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    inner = folder / "inner"
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=128,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(inner)
    AutoModel.from_config(_config(kind, len(vocabulary))).save_pretrained(inner)
    transformer = models.Transformer(str(inner), max_seq_length=64)
    parts: list[Any] = [transformer, models.Pooling(64, pooling_mode=pooling)]
    if dense:
        parts.append(models.Dense(64, 32))
    if normalise:
        parts.append(models.Normalize())
    SentenceTransformer(modules=parts, prompts=prompts, device="cpu").save(
        str(folder / "model"), create_model_card=False
    )
    return folder / "model"


def _config(kind: str, words: int) -> Any:
    from transformers import BertConfig, DistilBertConfig, MPNetConfig

    if kind == "distilbert":
        return DistilBertConfig(vocab_size=words, dim=64, n_heads=4, n_layers=2, hidden_dim=128)
    sizes = {"hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2, "intermediate_size": 128}
    if kind == "mpnet":
        return MPNetConfig(vocab_size=words, **sizes)
    return BertConfig(vocab_size=words, **sizes)


def edit_json(file: Path, **changes: object) -> None:
    """Set keys of a JSON file."""
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **changes}), "utf-8")
