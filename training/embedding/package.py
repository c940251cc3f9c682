"""The trained model as the package carries it: a byte a number, loaded by `SentenceTransformer(folder)`."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer


def write(model: SentenceTransformer, folder: Path, card: str, dimensions: int) -> None:
    """Write weights as int8 rows with a float32 scale each, in the layout that StaticEmbedding reads itself.

    Rows are divided by the largest one's length first: a common factor changes no cosine.

    Args:
        dimensions: the first ones, which are kept; Matryoshka training has put most into them.
    """
    module: Any = model[0]
    weights = module.embedding.weight.detach().cpu().numpy().astype(np.float32)[:, :dimensions]
    weights = weights / np.linalg.norm(weights, axis=1).max()
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-12) / 127
    rows = np.clip(np.rint(weights / scales[:, None]), -127, 127).astype(np.int8)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model.save(str(folder), create_model_card=False)
    save_file({"embeddings": rows, "weights": scales.astype(np.float32)}, folder / "model.safetensors")
    tokenizer = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    tokenizer["model"]["vocab"] = [[piece, round(score, 3)] for piece, score in tokenizer["model"]["vocab"]]
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), "utf-8")
    (folder / "README.md").write_text(card, "utf-8")
    for path in folder.iterdir():
        path.chmod(0o644)


def megabytes(folder: Path) -> float:
    """The size of a folder's files, in MB of a million bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
