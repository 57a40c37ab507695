"""Questions that wait at the same time, asked together."""

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
    """Asks in a thread, once for all who wait: what comes meanwhile is asked next.

    So under a crowd one statement serves many requests, and each answer is as new as its question.

    Parameters
    ----------
    ask : callable
        Answers many questions, those it can; what it raises, all who asked are told.
    most : int, optional
        How many questions at once, where each takes its time: the first then don't wait for the
        last. All of them without it.
    after : Batches, optional
        What is asked first, to come here with what it answers: who is on the way is waited for.
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
        """The answer, found after the question was put; None when there is none."""
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
        return await asyncio.shield(answer)  # who goes away doesn't take it from the others

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
        """Wait until all who have asked until now are answered."""
        asked = [*self._now.get(loop, {}).values(), *self._waiting.get(loop, {}).values()]
        if asked:
            await asyncio.wait(asked)
