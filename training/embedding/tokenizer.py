"""The tokenizer: whole frequent words, and unigram pieces for the rest."""

import json
import math
from collections import Counter
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

_LONGEST = 16  # characters of a piece
_LEAST = 3  # occurrences from which a word has a piece of its own
_SEAM = r"(?<=[^\w\s])(?=\w)|(?<=\d)(?=\p{L})|(?<=\p{L})(?=\d)"  # "mg/kg", "60mg": where a word of its own begins


def train(texts: dict[str, list[str]], pieces: int, words: int) -> Tokenizer:
    """Train a unigram tokenizer (Kudo, "Subword Regularization", ACL 2018), and give frequent words their own piece.

    Case and presentation forms are folded; words, punctuation and figures never share a piece. The unigram training
    prunes whole words that its pieces can spell, and with them their meaning, which for a bag of pieces is the
    better part; so the most frequent words of each language come back, scored by their frequency.

    Args:
        texts: language -> texts; pieces are learnt from all of them.
        pieces: of the unigram training.
        words: whole words a language, at most, of Danish, Dutch and English.
    """
    tokenizer = _empty()
    trainer = trainers.UnigramTrainer(
        vocab_size=pieces,
        show_progress=False,
        special_tokens=["<unk>"],
        unk_token="<unk>",
        max_piece_length=_LONGEST,
    )
    tokenizer.train_from_iterator((text for language in sorted(texts) for text in texts[language]), trainer)
    vocabulary: dict[str, float] = dict(json.loads(tokenizer.to_str())["model"]["vocab"])
    for language in ("da", "nl", "en"):
        counts = _words(texts.get(language, ()), tokenizer)
        total = sum(counts.values())
        for word, count in counts.most_common(words):
            if count >= _LEAST:
                vocabulary[word] = max(vocabulary.get(word, -math.inf), math.log(count / total / 2))
    tokenizer.model = models.Unigram(list(vocabulary.items()), unk_id=0)
    return tokenizer


def _empty() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"[\u2018\u2019\u02bc`´]"), "'"),
            normalizers.Replace(Regex(r"[\u2010-\u2015\u2212]"), "-"),
            normalizers.Replace(Regex(_SEAM), " "),
            normalizers.Replace(Regex(r"[\s\u00ad\u200b]+"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(), pre_tokenizers.Split(Regex(r"\u2581?\d{1,3}|\u2581?[^\w\s\u2581]"), "isolated")]
    )
    return tokenizer


def _words(texts: Iterable[str], tokenizer: Tokenizer) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        normal = tokenizer.normalizer.normalize_str(text)
        counts.update(
            word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal) if len(word) > 2 and word[1:].isalpha()
        )
    return counts
