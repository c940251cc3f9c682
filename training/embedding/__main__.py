"""Trains the packaged embedding model. Usage: python -m training.embedding DATA OUT, or --ablate DATA."""

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tokenizers import Tokenizer

from training.embedding import tokenizer
from training.embedding.card import card
from training.embedding.material import Material, gather
from training.embedding.measure import first
from training.embedding.package import megabytes, write
from training.embedding.train import Group, Recipe, train

# One epoch of 128 dimensions each: what a change is worth shows early and small.
_SMALL: dict[str, object] = {"epochs": 1, "dimensions": 128, "matryoshka": ()}
ABLATIONS: dict[str, dict[str, object]] = {
    "the recipe, small": {},
    "pieces only, no whole words": {"words": 0, "pieces": 72_000},
    "no questions": {"without": ("asked", "reading", "health", "near")},
    "questions at full weight": {"weights": {"asked": 1.0, "reading": 1.0, "health": 1.0, "near": 1.0}},
    "no twins": {"without": ("twins",)},
    "no word pairs": {"without": ("words",)},
    "no kin languages": {"kin": False},
    "scale 40": {"scale": 40.0},
    "hardness 5 on in-batch negatives": {"hardness": 5.0},
    "256 dimensions": {"dimensions": 256},
    "no inflections": {"without": ("forms",)},
    "rate 0.01": {"rate": 0.01},
    "batches of 1,024": {"batch": 1_024},
    "subword sampling 0.3": {"sampling": 0.3},
}


def one(material: Material, recipe: Recipe, **other: object) -> tuple[object, dict[str, float], float]:
    """Train by a recipe; the model, its figures on what is held out, and the seconds of the training alone."""
    groups = [group for group in material.groups if group.name.split()[0] not in other.get("without", ())]  # type: ignore[operator]
    if other.get("kin") is False:
        groups = [group for group in groups if not _is_kin(group)]
    pieces = _tokenizer(material, recipe)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        model = train(groups, pieces, recipe, folder)
    seconds = time.perf_counter() - started
    return model, first(model, material.held), seconds


def _is_kin(group: Group) -> bool:
    return any(language in ("de", "sv", "nb") for language in group.name.split()[1].split("-"))


_trained: dict[tuple[int, int], str] = {}


def _tokenizer(material: Material, recipe: Recipe) -> Tokenizer:
    key = (recipe.pieces, recipe.words)
    if key not in _trained:
        _trained[key] = tokenizer.train(material.texts, *key).to_str()
    return Tokenizer.from_str(_trained[key])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--ablate", action="store_true", help="one short run per variation, as a table")
    parser.add_argument("--only", default="", help="with --ablate: the names that hold this")
    given = parser.parse_args()
    material = gather(given.data, Recipe().seed)
    if given.ablate:
        ablate(material, given.only)
        return
    if given.out is None:
        parser.error("say where to write the model")
    model, _, seconds = one(material, Recipe())
    model.truncate_dim = Recipe().kept  # type: ignore[attr-defined]
    figures = first(model, material.held)  # of what is kept
    write(model, given.out, card(figures), Recipe().kept)  # type: ignore[arg-type]
    print(json.dumps(figures))
    print(f"trained in {seconds:.0f} s; {megabytes(given.out):.1f} MB in {given.out}")


def ablate(material: Material, only: str) -> None:
    """Print one row a variation of the recipe, each trained small."""
    base = replace(Recipe(), **_SMALL)  # type: ignore[arg-type]
    names: list[str] = []
    for name, changes in ABLATIONS.items():
        if only not in name:
            continue
        weights = {**base.weights, **changes.get("weights", {})}  # type: ignore[dict-item]
        fields = {key: value for key, value in changes.items() if key not in ("without", "kin", "weights")}
        recipe = replace(base, weights=weights, **fields)  # type: ignore[arg-type]
        _, figures, seconds = one(material, recipe, **{k: changes[k] for k in ("without", "kin") if k in changes})
        if not names:
            names = list(figures)
            print("| variation | " + " | ".join(names) + " | s |\n" + "|---" * (len(names) + 2) + "|", flush=True)
        print(f"| {name} | " + " | ".join(f"{figures[n]:.3f}" for n in names) + f" | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
