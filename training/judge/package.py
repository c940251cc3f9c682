"""Writes the judge as the assistant reads it: an ONNX graph with eight-bit weights, and its tokenizer."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

FILES = ("model.onnx", "tokenizer.json")


def write(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write a sequence classifier of one logit, and its tokenizer, to `folder`."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            return self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits

    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    example = tokenizer([("how often ?", "every six months .")] * 2, return_tensors="pt", padding=True)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "texts", 1: "pieces"} for name in names} | {"logits": {0: "texts"}}
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            Logits(), tuple(example[name] for name in names), str(plain), input_names=names, output_names=["logits"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(str(plain), str(folder / FILES[0]), weight_type=QuantType.QInt8, per_channel=True)
        tokenizer.save_pretrained(scratch)
        shutil.copyfile(Path(scratch) / FILES[1], folder / FILES[1])
