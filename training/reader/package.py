"""Writes the reader as the assistant loads it: an ONNX graph with eight-bit weights, and its tokenizer.

Only the weights are kept in eight bits; what is computed with them is not. Products of eight-bit numbers come out
differently on processors without VNNI, and depend on what else is read in the same batch, so an answer would hang on
the machine it is given on.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

FILES = ("model.onnx", "tokenizer.json")
_LARGE = 10_000  # numbers of an array that is worth keeping in eight bits


def write(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write an encoder and its tokenizer to `folder`: token ids in, one vector of unit length a text out."""
    import onnx
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            present = attention_mask.unsqueeze(-1).float()
            pooled = (hidden * present).sum(1) / present.sum(1)
            return torch.nn.functional.normalize(pooled, dim=1)

    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    example = tokenizer(["how often ?", "it is given every six months ."], return_tensors="pt", padding=True)
    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "texts", 1: "pieces"} for name in names} | {"vectors": {0: "texts"}}
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            Pooled(), tuple(example[name] for name in names), str(plain), input_names=names, output_names=["vectors"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        graph = onnx.load(str(plain))
        _in_eight_bits(graph.graph)
        onnx.save(graph, str(folder / FILES[0]))
        tokenizer.save_pretrained(scratch)
        shutil.copyfile(Path(scratch) / FILES[1], folder / FILES[1])


def _in_eight_bits(graph: Any) -> None:
    """Large matrices become eight-bit ones that are spread out to floats again where they are used."""
    from onnx import helper, numpy_helper

    spread = []
    for kept in list(graph.initializer):
        weights = numpy_helper.to_array(kept)
        if weights.dtype != np.float32 or weights.ndim != 2 or weights.size < _LARGE:
            continue
        across = 0 if "embeddings" in kept.name else 1  # a scale for each word, or for each output
        scale = np.abs(weights).max(axis=1 - across, keepdims=True) / 127
        scale[scale == 0] = 1.0
        small = np.round(weights / scale).astype(np.int8)
        parts = {"eight_bits": small, "scale": scale.reshape(-1).astype(np.float32)}
        graph.initializer.remove(kept)
        graph.initializer.extend(numpy_helper.from_array(array, f"{kept.name}.{part}") for part, array in parts.items())
        inputs = [f"{kept.name}.{part}" for part in parts]
        spread.append(helper.make_node("DequantizeLinear", inputs, [kept.name], axis=across))
    for node in reversed(spread):
        graph.node.insert(0, node)
