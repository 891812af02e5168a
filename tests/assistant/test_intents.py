"""The local guess at what a message wants: how good, how fast, and what it does with odd texts."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.assistant import intents, softmax
from conversations.assistant.features import words_of
from conversations.assistant.intents import Guess, Intent, classify

HELD_OUT = [
    (line.split("\t")[1], line.split("\t")[0])
    for line in (Path(__file__).parent / "held_out.tsv").read_text("utf-8").splitlines()
]
# Written by the hand that wrote the examples, so it flatters: strangers' messages are guessed right
# about seven times in ten. As a floor it still shows when a change makes the guesses worse.
ACCURACY_MIN = 0.85
SURE_INVOICE_MIN = 0.85
SECONDS_EACH_MAX = 0.02  # far above the usual 0.15 ms: a crowded machine must not fail it


def test_the_held_out_messages_are_not_among_the_examples() -> None:
    known = {tuple(words_of(text)) for text, _ in intents.examples()}
    assert [text for text, _ in HELD_OUT if tuple(words_of(text)) in known] == []


def test_it_guesses_most_messages_it_never_saw(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [
        (text, want, classify(text)) for text, want in HELD_OUT if classify(text).intent != want
    ]
    accuracy = 1 - len(wrong) / len(HELD_OUT)
    by_intent = Counter(want for _, want, _ in wrong)
    with capsys.disabled():
        sys.stdout.write(f"\n[{accuracy:.0%} of {len(HELD_OUT)} right; missed {dict(by_intent)}]")
    assert accuracy >= ACCURACY_MIN, wrong


def test_a_sure_invoice_mostly_is_one() -> None:
    """The pipeline answers a sure invoice by itself; everything else Claude sees as well."""
    sure = [want for text, want in HELD_OUT if _is_sure_invoice(classify(text))]
    assert len(sure) >= 8
    assert sure.count("invoice") / len(sure) >= SURE_INVOICE_MIN


def _is_sure_invoice(guess: Guess) -> bool:
    return guess.intent == Intent.invoice and guess.confidence >= 0.8


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("do I still owe you anything?", Intent.invoice),
        ("INV-0847?", Intent.invoice),
        ("where is my order", Intent.order),
        ("it stopped working", Intent.support),
        ("how much is delivery to Durban", Intent.enquiry),
        ("hello", Intent.general),
        ("HELLO!!!", Intent.general),
        ("ngiyabonga", Intent.general),
    ],
)
def test_the_plain_cases_are_right(text: str, intent: Intent) -> None:
    guess = classify(text)
    assert guess.intent == intent
    assert guess.confidence > 0.5


@pytest.mark.parametrize(
    "text", ["", "   ", "\n", "😀😀🎉", "???", "...", "ξζψ", "qqzx", "漢字漢字"]
)
def test_a_text_without_a_known_word_is_general_and_unsure(text: str) -> None:
    assert classify(text) == Guess(Intent.general, 0.0)


def test_only_the_first_400_characters_count() -> None:
    start = "where is my order " * 23
    assert classify(start[:400] + "invoice bill payment " * 50) == classify(start[:400])


@settings(deadline=None)  # a crowded machine is no fault
@given(st.text(max_size=500))
def test_it_takes_any_text(text: str) -> None:
    guess = classify(text)
    assert 0 <= guess.confidence <= 1
    assert guess.intent in Intent


def test_there_are_enough_examples_of_each_intent_and_no_text_twice() -> None:
    examples = intents.examples()
    counts = Counter(intent for _, intent in examples)
    assert set(counts) == set(Intent)
    assert min(counts.values()) >= 95
    spelt = Counter(tuple(words_of(text)) for text, _ in examples)
    assert [words for words, count in spelt.items() if count > 1] == []


def test_the_same_examples_give_the_same_model() -> None:
    few = intents.examples()[::5]
    assert softmax.train(few) == softmax.train(few)


def test_many_threads_at_once_get_the_same_guesses() -> None:
    guesses: list[Guess] = []
    threads = [
        threading.Thread(target=lambda: guesses.append(classify("I paid yesterday")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert guesses == [classify("I paid yesterday")] * 8


def test_a_guess_takes_no_time_worth_naming(capsys: pytest.CaptureFixture[str]) -> None:
    classify("hi")
    seconds = sorted(_seconds(text) for text, _ in HELD_OUT)
    with capsys.disabled():
        median, worst = seconds[len(seconds) // 2] * 1000, seconds[-1] * 1000
        sys.stdout.write(f"\n[median {median:.2f} ms, slowest {worst:.2f} ms a message]")
    assert seconds[len(seconds) // 2] < SECONDS_EACH_MAX


def _seconds(text: str) -> float:
    started = time.perf_counter()
    classify(text)
    return time.perf_counter() - started
