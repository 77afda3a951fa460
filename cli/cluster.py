"""WARC files read by the workers of a Dask cluster: one task a file, so that a worker's death costs its task alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, TypeVar

from storage.errors import RunEndedEarly, SettingsError

Item = TypeVar("Item")
Found = TypeVar("Found")

_AHEAD = 2
"""Items given out for each thread of the workers, so that none waits and memory does not grow with their number."""
PATIENCE = 30
"""Seconds for the scheduler to answer, and for a first worker to come."""


class Cluster:
    """The workers of a scheduler.

    Args:
        address: The scheduler's, such as ``tcp://10.0.0.5:8786``.

    Raises:
        SettingsError: Dask is not installed, or the address is none.
        RunEndedEarly: No scheduler answers, or it has no worker.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError as error:
            raise SettingsError("--cluster needs Dask. Install it with: pip install 'gochim[cluster]'") from error
        self._address = address
        try:
            dask: Any = distributed  # its classes carry half of their types
            self._client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
        except ValueError as error:
            raise SettingsError(
                f"--cluster: {address} is no address ({error}). Name it like tcp://host:8786."
            ) from error
        except OSError as error:
            raise RunEndedEarly(
                f"No Dask scheduler answers at {address}. Start one there with: dask scheduler; then run it again."
            ) from error
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            self._client.close()
            raise RunEndedEarly(
                f"The scheduler at {address} has no worker. Start one with: dask worker {address}"
            ) from error

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def each(self, task: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """Do a task for each item; give what was found in the order of the items.

        Args:
            task: A function of a module of gochim, which is installed where the workers are.
            items: What each task is given, and what an error names.

        Raises:
            RunEndedEarly: A task ended several workers, one after the other, or the scheduler went away.
            SettingsError: The workers have no gochim.
        """
        waiting: deque[tuple[Item, Any]] = deque()
        try:
            for one in items:
                waiting.append((one, self._client.submit(task, one, pure=False)))
                if len(waiting) > _AHEAD * max(1, self._threads()):
                    yield self._result(*waiting.popleft())
            while waiting:
                yield self._result(*waiting.popleft())
        finally:
            for _, left in waiting:
                left.cancel()

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def _result(self, item: object, future: Any) -> Any:
        with self._saying_why(item):
            found = future.result()
        with suppress(OSError):  # What the scheduler holds of it goes with the client at the latest.
            future.release()
        return found

    @contextmanager
    def _saying_why(self, item: object) -> Iterator[None]:
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError
        from distributed.comm.core import CommClosedError

        try:
            yield
        except KilledWorker as error:
            raise RunEndedEarly(
                f"{item}: the workers that read it died one after the other, perhaps for want of memory or disk; the "
                f"last was {error.last_worker.address}. See its log, then run the same command again."
            ) from error
        except (FutureCancelledError, CommClosedError) as error:
            raise RunEndedEarly(
                f"The scheduler at {self._address} went away ({error}). Nothing is lost; run the same command again."
            ) from error
        except OSError as error:
            raise RunEndedEarly(
                f"{item}: a worker could not read it ({error}). Workers need the same file system as this machine, or "
                "an archive in a bucket, and room for one WARC file in TMPDIR. Then run the same command again."
            ) from error
        except ModuleNotFoundError as error:
            raise SettingsError(
                f"The workers at {self._address} lack {error.name}. Install the same gochim there as here, with: "
                "pip install 'gochim[cluster]'"
            ) from error
