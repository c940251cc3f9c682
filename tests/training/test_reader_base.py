"""The file of four-bit weights that the reader starts from is read as it was written."""

import struct
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.reader.base import SPECIAL, _kept, _read, tokenizer

PIECES = [*SPECIAL, "▁", "▁hvor", "▁ofte", "a", "ø", "я", "▁на"]
SCORES = [0.0] * 4 + [-2.0, -5.0, -6.0, -7.0, -8.0, -8.5, -9.0]
COLUMNS = 64


def blocks(scales: list[float], fours: np.ndarray) -> bytes:
    """Blocks of 32 weights from 0 to 15: the first sixteen in the low halves of the bytes, the others in the high."""
    return b"".join(
        np.float16(scale).tobytes() + (block[:16] | block[16:] << 4).astype(np.uint8).tobytes()
        for scale, block in zip(scales, fours.reshape(-1, 32), strict=True)
    )


def written(folder: Path, matrix: bytes, plain: np.ndarray) -> Path:
    letters = [piece.encode() for piece in PIECES]
    tensors = [("m.w", 1, matrix), ("m.b", 0, plain.astype("<f4").tobytes())]
    tables = b"".join(
        struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, 0, 0, 0) for name, kind, _ in tensors
    )
    head = b"magic..." + struct.pack("<7i", COLUMNS, 1, 2, 128, len(PIECES), 16, 2) + struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5i", len(PIECES), 0, 2, 1, 3) + struct.pack("<Q", sum(map(len, letters)))
    head += np.cumsum([0, *map(len, letters)]).astype("<u4").tobytes() + np.array(SCORES, "<f4").tobytes()
    head += b"".join(letters) + struct.pack("<iI", 0, 3) + b"\0\0\0" + struct.pack("<i", len(tensors))
    at, rows = len(head) + len(tables), b""
    for name, kind, content in tensors:
        rows += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, 0, at, len(content))
        at += len(content)
    file = folder / "model.bin"
    file.write_bytes(head + rows + b"".join(content for *_, content in tensors))
    return file


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.0078125, 4, width=16), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_weights_and_pieces_come_back(tmp_path_factory: object, scales: list[float], chance: object) -> None:
    scales = scales[: len(scales) // 2 * 2]  # whole rows
    fours = np.array([chance.randrange(16) for _ in range(32 * len(scales))], dtype=np.uint8)  # type: ignore[attr-defined]
    plain = np.arange(COLUMNS) / 7
    folder = tmp_path_factory.mktemp("base")  # type: ignore[attr-defined]
    read = _read(written(folder, blocks(scales, fours), plain))
    wanted = (fours.astype(np.float32) - 8).reshape(-1, 32) * np.array(scales, np.float32)[:, None]
    assert np.array_equal(read.spread("m.w", COLUMNS), wanted.reshape(-1, COLUMNS))
    assert np.allclose(read.plain("m.b"), plain)
    assert read.pieces == PIECES


def test_pieces_that_no_text_uses_go_but_for_latin_letters(tmp_path: Path) -> None:
    read = _read(written(tmp_path, blocks([1.0, 1.0], np.zeros(64, np.uint8)), np.zeros(COLUMNS)))
    kept = [PIECES[at] for at in _kept(read, ["Hvor  ofte", "hvor ofte"])]
    assert kept == [piece for piece in PIECES if piece not in ("я", "▁на")]
    small = tokenizer([(PIECES[at], SCORES[at]) for at in _kept(read, ["hvor ofte"])])
    assert small.encode("hvor\n ofte").tokens == ["<s>", "▁hvor", "▁ofte", "</s>"]
