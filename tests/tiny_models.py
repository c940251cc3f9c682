"""Models that are real and small enough to be made in a test."""

from collections.abc import Sequence
from pathlib import Path


def tiny_bert(folder: Path, words: Sequence[str], labels: int | None, names: Sequence[str] = ()) -> None:
    """Save a BERT model of random weights, the same each time.

    Args:
        words: its vocabulary, with the special tokens.
        labels: how many scores it gives for a pair of texts; None: it has no part that scores.
        names: what its scores are called; none: as the library calls them.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.5,  # else all scores are nearly the same
        num_labels=labels or 1,
    )
    if names:
        config.id2label = dict(enumerate(names))
        config.label2id = {name: number for number, name in enumerate(names)}
    (BertForSequenceClassification(config) if labels else BertModel(config)).save_pretrained(folder)
    BertTokenizerFast(vocab={word: i for i, word in enumerate(words)}).save_pretrained(folder)
