"""Trains one of the reader's models. Usage: python -m training.reader {en,da-nl-en,judge} DATA OUT"""

import argparse
import random
import tempfile
from pathlib import Path

from assistant.answering.reader import as_it_is, in_english
from training.evidence import fit
from training.evidence.cases import from_documents, from_leaflets, from_more_leaflets, from_trilingual_leaflets
from training.evidence.rows import of_folder
from training.reader.base import english, multilingual, packaged
from training.reader.judge import Judge
from training.reader.judge import train as train_judge
from training.reader.material import from_health, from_reading_sets, from_rows, from_templates, worded
from training.reader.package import write, write_graph
from training.reader.train import Encodes, train

_PACKAGED = Path(__file__).parents[2] / "assistant" / "models"
SEED = 3
HEALTH, TEMPLATES, WRONG = 9_000, 16_000, 14  # questions, questions, likeliest wrong sentences of a question
RATES = {"en": 4e-5, "da-nl-en": 1e-4, "judge": 1e-4}
SECONDS = 3_300.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=RATES)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="training time")
    arguments = parser.parse_args()
    data, chance = arguments.data, random.Random(SEED)
    groups = [
        *from_reading_sets(data, chance), *from_health(data, chance, HEALTH), *from_templates(data, chance, TEMPLATES)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as work:
        folders = [
            *from_leaflets(data), *from_more_leaflets(data), *from_trilingual_leaflets(data),
            *from_documents(apart=False),
        ]  # fmt: skip
        rows = [row for folder in folders for row in of_folder(folder, Path(work))]
    measured = fit.measured(rows)
    groups += from_rows(rows, [measured.logits(row.x) for row in rows], chance, WRONG)
    if arguments.model == "judge":  # starts from the encoder that reads the three languages
        start, tokenizer = packaged(_PACKAGED / "reader-da-nl-en")
        judge = Judge(start)
        chosen = worded(groups, as_it_is)
        train_judge(judge, tokenizer, chosen, rate=RATES["judge"], seconds=arguments.seconds, seed=SEED)
        write_graph(judge, tokenizer, arguments.out, "logits")
        return
    if arguments.model == "en":
        chosen = worded(groups, in_english)
        model, tokenizer = english()
    else:
        chosen = worded(groups, as_it_is)
        model, tokenizer = multilingual(text for group in chosen for text in (group.question, *group.texts))
    encodes = Encodes(model)
    train(encodes, tokenizer, chosen, rate=RATES[arguments.model], seconds=arguments.seconds, seed=SEED)
    write(encodes, tokenizer, arguments.out)


if __name__ == "__main__":
    main()
