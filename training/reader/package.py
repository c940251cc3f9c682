"""Writes the reader as the assistant loads it: an ONNX graph with eight-bit weights, and its tokenizer.

Only the weights are kept in eight bits; what is computed with them is not. Products of eight-bit numbers come out
differently on processors without VNNI, and depend on what else is read in the same batch, so an answer would hang on
the machine it is given on.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

FILES = ("model.onnx", "tokenizer.json")
_LARGE = 10_000  # numbers of an array that is worth keeping in eight bits


def write(encodes: Any, tokenizer: Tokenizer, folder: Path) -> None:
    """Write an encoder and its tokenizer to `folder`: ids in, vectors of each text and of each of its pieces out."""
    write_graph(encodes, tokenizer, folder, "vectors", "pieces")


def write_graph(model: Any, tokenizer: Tokenizer, folder: Path, *outputs: str) -> None:
    """Write any module that takes ids and which of them are there, (texts, pieces) each, and gives rows a text."""
    import onnx
    import torch

    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    ids = torch.tensor([encoded.ids for encoded in tokenizer.encode_batch(["How often?"] * 2)])
    names = ["input_ids", "attention_mask"]
    each = {0: "texts", 1: "pieces_of_each"}  # what is said of the whole has but rows
    axes = {name: each if name in (*names, "pieces") else {0: "texts"} for name in (*names, *outputs)}
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            model, (ids, torch.ones_like(ids)), str(plain), input_names=names, output_names=list(outputs),
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        graph = onnx.load(str(plain))
        _in_eight_bits(graph.graph)
        onnx.save(graph, str(folder / FILES[0]))
    tokenizer.no_truncation()  # how much is read is said by who reads
    tokenizer.save(str(folder / FILES[1]))


def _in_eight_bits(graph: Any) -> None:
    """Large matrices become eight-bit ones: a table is looked up so, any other is spread out to floats first."""
    from onnx import helper, numpy_helper

    looked_up = {node.input[0]: node for node in graph.node if node.op_type == "Gather"}
    spread = []
    for kept in list(graph.initializer):
        weights = numpy_helper.to_array(kept)
        if weights.dtype != np.float32 or weights.ndim != 2 or weights.size < _LARGE:
            continue
        table = looked_up.get(kept.name)
        across = 0 if table else 1  # a scale for each word, or for each output
        scale = np.abs(weights).max(axis=1 - across, keepdims=True).astype(np.float32) / 127
        scale[scale == 0] = 1.0
        small = np.round(weights / scale).astype(np.int8)
        parts = {f"{kept.name}.eight_bits": small, f"{kept.name}.scale": scale if table else scale.reshape(-1)}
        graph.initializer.remove(kept)
        graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in parts.items())
        if table:
            _look_up(graph, table, *parts)
        else:
            spread.append(helper.make_node("DequantizeLinear", list(parts), [kept.name], axis=across))
    for node in reversed(spread):
        graph.node.insert(0, node)


def _look_up(graph: Any, table: Any, small: str, scale: str) -> None:
    """The rows of a table in eight bits, each as floats: the table itself never is."""
    from onnx import TensorProto, helper

    of, rows, places = table.output[0], table.output[0] + ".rows", table.input[1]
    nodes = [
        helper.make_node("Gather", [small, places], [rows], axis=0),
        helper.make_node("Cast", [rows], [rows + ".floats"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [scale, places], [rows + ".scales"], axis=0),
        helper.make_node("Mul", [rows + ".floats", rows + ".scales"], [of]),
    ]
    at = list(graph.node).index(table)
    graph.node.remove(table)
    for node in reversed(nodes):
        graph.node.insert(at, node)
