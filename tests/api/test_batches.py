"""Batching of concurrent questions."""

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping, Set

import pytest

from api.batches import Batches
from tests import loops


def test_concurrent_questions_share_a_batch_and_later_ones_get_the_next() -> None:
    asked: list[set[int]] = []
    is_asking, may_answer = threading.Event(), threading.Event()

    def squares(numbers: Set[int]) -> Mapping[int, int]:
        asked.append(set(numbers))
        is_asking.set()
        may_answer.wait(10)
        return {number: number**2 for number in numbers if number < 5}

    async def crowd() -> list[int | None]:
        batches = Batches(squares)
        first = [asyncio.create_task(batches.ask(number)) for number in (1, 2, 2)]
        await asyncio.to_thread(is_asking.wait, 10)
        second = [asyncio.create_task(batches.ask(number)) for number in (2, 3, 9)]
        await asyncio.sleep(0)
        may_answer.set()
        return list(await asyncio.gather(*first, *second))

    assert loops.run(crowd()) == [1, 4, 4, 4, 9, None]
    assert asked == [{1, 2}, {2, 3, 9}], "a later question gets an answer computed later"


def test_a_failure_reaches_every_caller_and_the_next_question_is_asked_again() -> None:
    answers: Iterator[Mapping[int, str] | OSError] = iter([OSError("away"), {1: "one", 2: "two"}])

    def ask(_numbers: Set[int]) -> Mapping[int, str]:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    async def crowd() -> str | None:
        batches = Batches(ask)
        failed = await asyncio.gather(batches.ask(1), batches.ask(2), return_exceptions=True)
        assert [type(each) for each in failed] == [OSError, OSError]
        return await batches.ask(1)

    assert loops.run(crowd()) == "one"


def test_a_cancelled_caller_does_not_cancel_the_others() -> None:
    async def crowd() -> int | None:
        batches = Batches(lambda numbers: {number: number for number in numbers})
        impatient = asyncio.create_task(batches.ask(1))
        patient = asyncio.create_task(batches.ask(1))
        await asyncio.sleep(0)
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        return await patient

    assert loops.run(crowd()) == 1


def test_a_batch_has_at_most_the_given_number_of_questions_in_order() -> None:
    asked: list[list[int]] = []

    def ask(numbers: Set[int]) -> Mapping[int, int]:
        asked.append(list(numbers))
        return {number: -number for number in numbers}

    async def crowd() -> list[int | None]:
        batches = Batches(ask, most=2)
        return list(await asyncio.gather(*map(batches.ask, [5, 4, 3, 2, 1])))

    assert loops.run(crowd()) == [-5, -4, -3, -2, -1]
    assert asked == [[5, 4], [3, 2], [1]]


def test_a_batch_waits_for_questions_from_the_earlier_step() -> None:
    asked: list[set[int]] = []

    def first(numbers: Set[int]) -> Mapping[int, int]:
        time.sleep(0.1)
        return {number: number for number in numbers}

    def second(numbers: Set[int]) -> Mapping[int, int]:
        asked.append(set(numbers))
        return {number: number for number in numbers}

    async def crowd() -> None:
        one = Batches(first)
        other = Batches(second, after=one)

        async def ask_both(number: int) -> None:
            assert await other.ask(await one.ask(number) or 0) == number

        ahead = asyncio.create_task(ask_both(1))
        await asyncio.sleep(0.05)
        await asyncio.gather(ahead, *map(ask_both, [2, 3]))
        await other.ask(4)  # no question is pending in the earlier step

    loops.run(crowd())
    assert asked == [{1, 2, 3}, {4}]
