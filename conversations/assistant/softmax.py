"""Softmax regression in plain Python: examples -> a model -> probabilities.

Called by `intents`. The same examples give the same model on every machine.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final

from conversations.assistant.features import features_of, words_of

# Chosen by five-fold cross-validation on the shipped examples; more passes cost time only.
PASSES: Final = 6
STEP: Final = 0.5
PIECE_WEIGHT: Final = 0.6
PIECE_SEEN_MIN: Final = 2  # halves the training time
ERROR_MIN: Final = 0.005  # below it an example teaches nothing worth its time

KNOWN_PIECES_MIN: Final = 3

Counts = tuple[Mapping[str, int], Mapping[str, int]]  # of words, of pieces
Vector = list[tuple[int, float]]
Numbered = dict[str, tuple[int, float]]  # feature -> (its number, its rarity)


@dataclass(frozen=True)
class Model:
    """`weights[number of a feature]` holds one weight for each label."""

    labels: tuple[str, ...]
    words: Numbered
    pieces: Numbered
    weights: list[list[float]]

    def probabilities(self, text: str) -> dict[str, float]:
        """Label -> probability, adding up to 1; empty when the text holds nothing known."""
        vector = _vector(features_of(words_of(text)), self.words, self.pieces)
        if not vector:
            return {}
        return dict(zip(self.labels, _softmax(_scores(vector, self.weights)), strict=True))


def train(examples: Sequence[tuple[str, str]]) -> Model:
    """A model of (text, label) examples; about 0.4 s for 600 of them."""
    labels = tuple(sorted({label for _, label in examples}))
    counts = [features_of(words_of(text)) for text, _ in examples]
    words = _numbered([each[0] for each in counts], start=0, seen_min=1)
    pieces = _numbered([each[1] for each in counts], start=len(words), seen_min=PIECE_SEEN_MIN)
    vectors = [_vector(each, words, pieces) for each in counts]
    answers = [labels.index(label) for _, label in examples]
    weights = [[0.0] * len(labels) for _ in range(len(words) + len(pieces))]
    moved = [1e-8] * len(weights)
    for turn in range(PASSES):
        for place in _shuffled(len(examples), turn):
            _learn(vectors[place], answers[place], weights, moved)
    return Model(labels, words, pieces, weights)


def _shuffled(count: int, turn: int) -> list[int]:
    """Another order in each pass, and the same ones on every machine."""
    return sorted(range(count), key=lambda place: zlib.crc32(b"%d %d" % (turn, place)))


def _learn(vector: Vector, answer: int, weights: list[list[float]], moved: list[float]) -> None:
    """One step of AdaGrad: a feature that was moved often moves little."""
    errors = _softmax(_scores(vector, weights))
    errors[answer] -= 1.0
    size = sum(error * error for error in errors)
    if size < ERROR_MIN:
        return
    for number, value in vector:
        moved[number] += size * value * value
        rate = STEP * value / math.sqrt(moved[number])
        row = weights[number]
        weights[number] = [w - rate * error for w, error in zip(row, errors, strict=True)]


def _scores(vector: Vector, weights: list[list[float]]) -> list[float]:
    values = [value for _, value in vector]
    by_label = zip(*(weights[number] for number, _ in vector), strict=True)
    return [sum(map(mul, values, of_label)) for of_label in by_label]


def _softmax(scores: list[float]) -> list[float]:
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def _numbered(documents: list[Mapping[str, int]], *, start: int, seen_min: int) -> Numbered:
    seen = Counter(feature for document in documents for feature in document)
    kept = [(feature, count) for feature, count in seen.items() if count >= seen_min]
    return {
        feature: (start + place, 1 + math.log((1 + len(documents)) / (1 + count)))
        for place, (feature, count) in enumerate(kept)
    }


def _vector(counts: Counts, words: Numbered, pieces: Numbered) -> Vector:
    known_words = _weighted(counts[0], words, 1.0)
    known_pieces = _weighted(counts[1], pieces, PIECE_WEIGHT)
    if not known_words and len(known_pieces) < KNOWN_PIECES_MIN:
        return []
    return known_words + known_pieces


def _weighted(counts: Mapping[str, int], numbered: Numbered, weight: float) -> Vector:
    """Sub-linear tf-idf of the known features, scaled to the length `weight`."""
    vector = []
    for feature, count in counts.items():
        if found := numbered.get(feature):
            number, rarity = found
            # Nearly all are there once: no logarithm for these.
            vector.append((number, rarity if count == 1 else (1 + math.log(count)) * rarity))
    length = math.sqrt(sum([value * value for _, value in vector]))
    return [(number, weight * value / length) for number, value in vector]
