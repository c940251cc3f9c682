"""The model card that stands beside the weights."""

_SETS = """\
| set | used as | origin · licence |
|---|---|---|
| leaflets (da-en) | sentence pairs, questions, neighbours | EU product information · reusable with the source acknowledged |
| eForms labels | sentence pairs | eForms SDK · CC BY 4.0 |
| GNOME user documentation | sentence pairs | CC BY 3.0 |
| Mozilla web copy | sentence pairs | MPL 2.0 |
| Tatoeba | sentence pairs | CC BY 2.0 FR |
| openEHR archetypes | sentence pairs | CKM mirror · CC BY-SA 3.0 |
| Copenhagen Dependency Treebank (da-en) | sentence pairs | MIT or CC BY-SA 4.0 |
| OpenStreetMap iD labels · storybooks | sentence pairs | ISC · CC BY |
| stsb-multi-mt (nl/de-en) | sentence pairs | as the STS benchmark, CC BY-SA |
| Open Multilingual Wordnet | word pairs | WordNet, CC BY-SA and like, per language |
| Wiktionary (2015) | word pairs | CC BY-SA 3.0 |
| Unicode CLDR · emoji names | word pairs | Unicode · MIT |
| Human Phenotype Ontology (en-nl) | term pairs | HPO licence: free use with the version cited, content unaltered |
| SQuAD 1.1 and 2.0, English and machine-translated Danish | question pairs | CC BY-SA 4.0 |
| NorQuAD | question pairs | CC0 |
| MedQuAD | question pairs | CC BY 4.0 |
"""

_TEXT = """\
---
language: [da, nl, en]
library_name: sentence-transformers
pipeline_tag: sentence-similarity
license: cc-by-sa-4.0
---
# static-da-nl-en

Sentence vectors for Danish, Dutch and English on an ordinary processor: a table of vectors for whole frequent words
and for pieces of the others, and the mean of those a text has. A Danish sentence and its Dutch or English counterpart
lie near each other. No transformer, no network.

    from sentence_transformers import SentenceTransformer
    vectors = SentenceTransformer("static-da-nl-en").encode(["Hvor ofte gives det?"], normalize_embeddings=True)

352 dimensions; the first 128 serve nearly as well (Matryoshka). Weights are stored as a byte a number with one scale
a row.

## Method
Tokenizer: unigram pieces (Kudo 2018), and the most frequent whole words of each language. Weights:
`StaticEmbedding` of sentence-transformers, trained from scratch with `MultipleNegativesRankingLoss` in both directions
under `MatryoshkaLoss`, batches of one pair of languages each so that negatives are of the language asked for. Rows:
translations, words by meaning, inflections, questions with the sentence that answers, neighbouring sentences, and
pairs beside their twins that differ in a figure, a negation or a medicine's name only. German, Swedish and Norwegian
rows help along; the model is not meant for them. The recipe, the weights of each kind of row and an ablation stand in
`training/README.md` of the project.

## Data
{sets}
No set that forbids commercial use. No text of these sets is part of the model.

## Figures
Share of sentences whose counterpart stands first, on pairs kept out of training (`training/embedding/sets.py` says
which; leaflets of medicines with the initials u, w, x, y and z; near repetitions left out of the pool):

{figures}

## Limits
A bag of words: order and negation count little, "A before B" equals "B before A". A cosine says what a text is about,
not whether it answers, nor whether it is true: decisions need more than this model. Dutch medical text was scarce in
training, and there was no Dutch leaflet. Names of medicines that were not in the data are spelt in pieces, and lie
near names spelt alike.
"""


def card(figures: dict[str, float]) -> str:
    """The card with what was measured: "kind source-target" -> share."""
    table = "| pairs | first |\n|---|---|\n" + "\n".join(f"| {name} | {share:.3f} |" for name, share in figures.items())
    return _TEXT.format(sets=_SETS, figures=table)
