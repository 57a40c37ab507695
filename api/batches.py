"""Batching of concurrent questions, so that one call answers many of them."""

import asyncio
from collections.abc import Callable, Hashable, Mapping, Set
from itertools import islice
from typing import Any, Generic, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")

_Questions: TypeAlias = WeakKeyDictionary[
    asyncio.AbstractEventLoop, dict[Question, asyncio.Future[Answer | None]]
]


class Batches(Generic[Question, Answer]):
    """Batches of questions, each asked in a thread; later questions go into the next batch.

    Under load one statement serves many requests, and no answer is older than its question.

    Parameters
    ----------
    ask : callable
        Answers a set of questions, as far as it can. If it raises, every caller gets the error.
    most : int, optional
        Questions per batch, for slow answers: the first callers then don't wait for the last.
        Unlimited without it.
    after : Batches, optional
        An earlier step, whose answers become questions here. A batch waits for that step's pending
        questions, so that they can join.
    """

    def __init__(
        self,
        ask: Callable[[Set[Question]], Mapping[Question, Answer]],
        *,
        most: int | None = None,
        after: "Batches[Any, Any] | None" = None,
    ) -> None:
        self._ask = ask
        self._most = most
        self._after = after
        self._waiting: _Questions[Question, Answer] = WeakKeyDictionary()
        self._now: _Questions[Question, Answer] = WeakKeyDictionary()
        self._asking: set[asyncio.Task[None]] = set()

    async def ask(self, question: Question) -> Answer | None:
        """Return the answer, computed after this call began; None if there is none."""
        loop = asyncio.get_running_loop()
        waiting = self._waiting.get(loop)
        if waiting is None:
            waiting = self._waiting[loop] = {}
            task = loop.create_task(self._ask_all(loop))
            self._asking.add(task)  # a loop holds its tasks weakly
            task.add_done_callback(self._asking.discard)
        answer = waiting.get(question)
        if answer is None:
            answer = waiting[question] = loop.create_future()
        return await asyncio.shield(answer)  # a cancelled caller doesn't cancel it for the others

    async def _ask_all(self, loop: asyncio.AbstractEventLoop) -> None:
        while waiting := self._waiting[loop]:
            if self._after is not None:
                await self._after._settled(loop)
                waiting = self._waiting[loop]
            now = self._now[loop] = dict(islice(waiting.items(), self._most))
            self._waiting[loop] = dict(islice(waiting.items(), len(now), None))
            try:
                answers = await loop.run_in_executor(None, self._ask, now.keys())
            except Exception as error:
                for answer in now.values():
                    answer.set_exception(error)
            else:
                for question, answer in now.items():
                    answer.set_result(answers.get(question))
        del self._waiting[loop], self._now[loop]

    async def _settled(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait until all questions asked so far are answered."""
        asked = [*self._now.get(loop, {}).values(), *self._waiting.get(loop, {}).values()]
        if asked:
            await asyncio.wait(asked)
