"""How many tasks a cluster is given at a time, and what is said of workers that are another gochim."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from cli import cluster as clusters
from cli.cluster import Cluster, done, edition
from storage.command_line import naming, told
from storage.errors import RunEndedEarly, SettingsError


class Future:
    """What a client gives for a task; ``came`` is what waiting for it brings, an exception or an answer."""

    status = "finished"

    def __init__(self, key: int, came: Any) -> None:
        self.key, self.came, self.let_go = key, came, ""

    def result(self, timeout: float) -> Any:
        if isinstance(self.came, BaseException):
            raise self.came
        return self.came

    def release(self) -> None:
        self.let_go = "released"

    def cancel(self) -> None:
        self.let_go = "cancelled"


class Client:
    """A client whose tasks are done at once, by workers with so many threads each."""

    def __init__(self, *threads: int, answer: Any = None, holds: tuple[str, ...] = ()) -> None:
        self.threads, self.answer, self.holds = threads, answer, holds
        self.futures: list[Future] = []

    def submit(self, function: Any, words: str, *, pure: bool) -> Future:
        assert not pure  # The same task on the same file may say something else next time.
        came = function(words) if self.answer is None else self.answer
        self.futures.append(Future(len(self.futures), came))
        return self.futures[-1]

    def nthreads(self) -> dict[int, int]:
        return dict(enumerate(self.threads))

    def who_has(self, futures: list[Future]) -> dict[int, tuple[str, ...]]:
        return {one.key: self.holds for one in futures if self.holds}


def cluster_of(client: Client) -> Cluster:
    one = Cluster.__new__(Cluster)
    one._address, one._client = "tcp://127.0.0.1:1", client
    return one


def twice(item: int) -> int:
    return item * 2


@pytest.mark.parametrize(("threads", "ahead"), [((1,), 3), ((1, 2), 7), ((), 3)])
def test_so_many_tasks_are_given_out_that_no_thread_waits_and_memory_does_not_grow(threads, ahead):
    client = Client(*threads)
    given: list[int] = []

    def items() -> Iterator[int]:
        for number in range(20):
            given.append(number)
            yield number

    found = cluster_of(client).each(twice, items())
    assert next(found) == 0
    assert given == list(range(ahead))
    assert next(found) == 2
    assert len(given) == ahead + 1
    assert list(found) == [number * 2 for number in range(2, 20)]
    assert {one.let_go for one in client.futures} == {"released"}


def test_tasks_that_nobody_waits_for_any_more_are_taken_back():
    client = Client(1)
    found = cluster_of(client).each(twice, range(20))
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]
    assert [one.let_go for one in client.futures] == ["released", "cancelled", "cancelled"]


def test_a_task_is_done_with_what_the_command_was_told_of_the_archive():
    with naming("/there"):
        here = told()
        assert list(cluster_of(Client(1)).each(told_of, [1])) == [here]
    assert here != told()


def told_of(item: int) -> tuple[str, str]:
    return told()


@pytest.mark.parametrize(
    ("came", "holds", "said"),
    [
        ((False, "gochim/0"), (), f"A worker has another gochim than this ({edition()}): gochim/0. Install"),
        ((False, "gochim/0"), ("tcp://b", "tcp://a"), "A worker (tcp://a tcp://b) has another gochim than this"),
        (ModuleNotFoundError("No module named 'cli'", name="cli"), (), "): none. Install the same gochim there"),
        (ModuleNotFoundError("No module named 'cli.cluster'", name="cli.cluster"), (), "): none. Install"),
        (ModuleNotFoundError("No module named\n'lxml'", name="lxml"), (), "): No module named 'lxml'. Install"),
        (ImportError("cannot import"), (), "): cannot import. Install"),
    ],
)
def test_a_worker_that_is_another_gochim_is_named(came, holds, said):
    with pytest.raises(SettingsError) as refused:
        list(cluster_of(Client(1, answer=came, holds=holds)).each(twice, [1]))
    assert said in str(refused.value)


def test_who_has_another_edition_says_which_and_does_nothing():
    packed = pickle.dumps((twice, 3, told()))
    assert done("another", packed) == (False, edition())
    assert done(edition(), packed) == (True, 6)


def test_a_task_is_waited_for_while_there_are_workers(monkeypatch):
    class Slow(Future):
        def result(self, timeout: float) -> Any:
            assert timeout == clusters.PATIENCE
            if waited < 3:
                raise TimeoutError
            return self.came

    class Waiting(Client):
        def wait_for_workers(self, number: int, *, timeout: float) -> None:
            nonlocal waited
            assert (number, timeout) == (1, clusters.PATIENCE)
            waited += 1
            if waited > 3:
                raise TimeoutError

        def close(self, timeout: float) -> None:
            nonlocal closed
            closed = True

    waited, closed = 0, False
    one = cluster_of(Waiting(1))
    assert one._result("a", Slow(0, (True, 7))) == 7
    assert (waited, closed) == (3, False)
    with pytest.raises(RunEndedEarly, match="has no worker"):
        one._await_worker()
    assert closed


def test_a_scheduler_is_reached_with_the_certificates_of_the_configuration_and_left_without_waiting(monkeypatch):
    said: list[Any] = []

    class Reached:
        def __init__(self, address: str, **given: Any) -> None:
            said.append((address, given))

        def wait_for_workers(self, number: int, *, timeout: float) -> None:
            said.append((number, timeout))

        def close(self, timeout: float) -> None:
            said.append(timeout)
            raise OSError("it is gone")

    monkeypatch.setattr(clusters, "_client_class", lambda: Reached)
    monkeypatch.setattr(clusters, "_security", lambda address: f"certificates for {address}")
    monkeypatch.setattr(clusters, "_silence", lambda: silenced.append(True))
    silenced: list[bool] = []
    with Cluster("tls://there:8786"):
        assert len(said) == 2
    assert silenced
    assert said == [
        (
            "tls://there:8786",
            {"security": "certificates for tls://there:8786", "timeout": clusters.PATIENCE, "set_as_default": False},
        ),
        (1, clusters.PATIENCE),
        clusters._FAREWELL,
    ]
    assert 0 < clusters._FAREWELL < 10

    def none(*_: Any, **__: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr(Reached, "wait_for_workers", none)
    with pytest.raises(RunEndedEarly, match="The scheduler at tls://there:8786 has no worker"):
        Cluster("tls://there:8786")


def test_what_dask_logs_of_lost_connections_is_left_out_and_other_logs_are_not():
    ours, theirs = logging.getLogger("distributedly"), logging.getLogger("distributed.comm.tasks")
    for one in (ours, theirs):
        one.setLevel(logging.INFO)
    clusters._silence()
    assert not theirs.isEnabledFor(logging.ERROR)
    assert ours.isEnabledFor(logging.INFO)
