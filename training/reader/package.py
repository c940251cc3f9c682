"""Writes the reader as the assistant loads it: an ONNX graph with eight-bit weights, and its tokenizer."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

FILES = ("model.onnx", "tokenizer.json")


def write(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write an encoder and its tokenizer to `folder`: token ids in, one vector of unit length a text out."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

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
        quantize_dynamic(str(plain), str(folder / FILES[0]), weight_type=QuantType.QInt8, per_channel=True)
        tokenizer.save_pretrained(scratch)
        shutil.copyfile(Path(scratch) / FILES[1], folder / FILES[1])
