"""WARC files read by the workers of a Dask cluster: one task a file, so that a worker's death costs its task alone."""

from __future__ import annotations

import logging
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from types import TracebackType
from typing import Any, TypeVar

from crawler.layouts import extractor
from crawler.watch import software
from storage.command_line import naming, told
from storage.elsewhere import refusals
from storage.errors import RunEndedEarly, SettingsError

Item = TypeVar("Item")
Found = TypeVar("Found")

_AHEAD = 2
"""Items given out for each thread of the workers, so that none waits and memory does not grow with their number."""
PATIENCE = 30
"""Seconds for the scheduler to answer, and for a first worker to come."""
_FAREWELL = 2
"""Seconds to take leave of the scheduler: it sees for itself who is gone."""
_DO = (
    "getattr(__import__('importlib').import_module('cli.cluster'), 'done', lambda *_: (False, 'an older one'))"
    "({!r}, {!r})"
)
"""What a worker is sent: words of Python alone, for who asks cannot know which gochim is there."""
_CERTIFICATES = (
    "Name them in Dask's configuration: DASK_DISTRIBUTED__COMM__TLS__CA_FILE,"
    " DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY."
)


class Cluster:
    """The workers of a scheduler.

    Args:
        address: The scheduler's, such as ``tcp://10.0.0.5:8786``, or ``tls://...`` with the certificates that Dask's
            configuration names.

    Raises:
        SettingsError: Dask is not installed, the address is none, or there are no certificates for it.
        RunEndedEarly: No scheduler answers, or it has no worker.
    """

    def __init__(self, address: str) -> None:
        client = _client_class()
        _silence()
        self._address = address
        security = _security(address)
        try:
            self._client = client(address, security=security, timeout=PATIENCE, set_as_default=False)
        except OSError as error:
            raise RunEndedEarly(
                f"No Dask scheduler answers at {address} ({_in_a_line(error)}). Start one there with: dask scheduler; "
                "where it has certificates (tls://), both sides need those of one authority. Then run it again."
            ) from error
        self._await_worker()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _await_worker(self) -> None:
        """Wait until there is a worker.

        Raises:
            RunEndedEarly: None comes.
        """
        try:
            with self._talking():
                self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            self._close()
            raise RunEndedEarly(
                f"The scheduler at {self._address} has no worker. Start one with: dask worker {self._address} and run "
                "the same command again."
            ) from error

    def _close(self) -> None:
        with suppress(OSError, CancelledError, RuntimeError):  # A scheduler that is gone needs no farewell.
            self._client.close(timeout=_FAREWELL)

    def each(self, task: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """Do a task for each item; give what was found in the order of the items.

        Args:
            task: A function of a module of gochim, which is installed where the workers are.
            items: What each task is given, and what an error names.

        Raises:
            RunEndedEarly: A task ended several workers, one after the other, or the scheduler or all workers went away.
            SettingsError: A worker has another gochim, or none, or lacks a package.
        """
        waiting: deque[tuple[Item, Any]] = deque()
        try:
            for one in items:
                with self._talking():
                    wanted = _DO.format(edition(), pickle.dumps((task, one, told())))
                    waiting.append((one, self._client.submit(eval, wanted, pure=False)))
                if len(waiting) > _AHEAD * max(1, self._threads()):
                    yield self._result(*waiting.popleft())
            while waiting:
                yield self._result(*waiting.popleft())
        finally:
            with suppress(OSError, CancelledError, RuntimeError):
                for _, left in waiting:
                    left.cancel()

    def _result(self, item: object, future: Any) -> Any:
        try:
            with self._talking(), self._saying_why(item):
                same, found = self._awaited(future)
        except ImportError as error:
            same, found = False, "none" if (error.name or "").partition(".")[0] == "cli" else _in_a_line(error)
        if not same:
            with self._talking():
                where = " ".join(sorted(self._client.who_has([future]).get(future.key, ())))
            raise SettingsError(
                f"A worker{where and f' ({where})'} has another gochim than this ({edition()}): {found}. Install the "
                "same gochim there as here, in the same Python, with: pip install 'gochim[cluster]'"
            )
        with suppress(OSError, CancelledError, RuntimeError):  # What the scheduler holds goes with the client at last.
            future.release()
        return found

    def _awaited(self, future: Any) -> Any:
        """Wait for what a task found, for as long as there are workers."""
        while True:
            try:
                return future.result(timeout=PATIENCE)
            except TimeoutError:
                if future.status == "error":  # The task's own, as of a store that does not answer.
                    raise
                self._await_worker()

    def _threads(self) -> int:
        """Count the threads of all workers."""
        with self._talking():
            return sum(self._client.nthreads().values())

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Say in a sentence that the scheduler went away, by whatever sign of it comes first."""
        from distributed.comm.core import CommClosedError

        try:
            yield
        except (CancelledError, CommClosedError) as error:
            raise RunEndedEarly(
                f"The scheduler at {self._address} went away ({_in_a_line(error)}). Nothing is lost; when it is back, "
                "run the same command again."
            ) from error

    @contextmanager
    def _saying_why(self, item: object) -> Iterator[None]:
        """Say in a sentence why a task failed."""
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        unread: tuple[type[Exception], ...] = (OSError, *refusals())
        try:
            yield
        except KilledWorker as error:
            raise RunEndedEarly(
                f"{item}: the workers that read it died one after the other, perhaps for want of memory or disk; the "
                f"last was {error.last_worker.address}. See its log, then run the same command again."
            ) from error
        except CommClosedError:
            raise
        except unread as error:
            raise RunEndedEarly(
                f"{item}: a worker could not read it ({_in_a_line(error)}). Workers need the same file system as this "
                "machine, or an archive in a bucket and the keys to it (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, "
                "AWS_SECRET_ACCESS_KEY), and room for one WARC file in TMPDIR. Then run the same command again."
            ) from error


def done(asked_by: str, packed: bytes) -> tuple[bool, Any]:
    """Do a task where a worker is; give that it was done and what it found, or that not and which gochim this is.

    Args:
        asked_by: The :func:`edition` that asks: no other may read pages for it.
        packed: The task, its item and what the command was told of the archive, pickled.
    """
    if asked_by != edition():
        return False, edition()
    task, item, named = pickle.loads(packed)  # noqa: S301  # of the command itself, by way of the scheduler it trusts
    with naming(*named):
        return True, task(item)


@cache
def edition() -> str:
    """Say which gochim this is: its version, a digest of what reads pages and files, and what else decides on them."""
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return f"{software()} {extractor()}, {python}, selectolax {version('selectolax')}"


def _client_class() -> Any:
    """Give Dask's client, but for its end: one that was interrupted while it waits would wait for another minute.

    Raises:
        SettingsError: Dask is not installed.
    """
    try:
        import distributed
    except ImportError as error:
        raise SettingsError("--cluster needs Dask. Install it with: pip install 'gochim[cluster]'") from error
    dask: Any = distributed  # its classes carry half of their types
    return type("Client", (dask.Client,), {"__del__": lambda _: None})


def _security(address: str) -> Any:
    """Give what Dask's configuration says of certificates.

    Raises:
        SettingsError: It says too little for the address, or the address is none.
    """
    import distributed
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    try:
        scheme, place = parse_address(address)
        get_backend(scheme)
        parse_host_port(place)
    except ValueError as error:
        raise SettingsError(
            f"--cluster: {address} is no address ({error}). Name it like tcp://host:8786 or tls://host:8786."
        ) from error
    dask: Any = distributed
    security = dask.Security()
    try:
        certain = security.get_connection_args("client")["ssl_context"] is not None
    except OSError as error:  # those of ssl are among them
        raise SettingsError(
            f"--cluster: the certificates for {address} cannot be read ({error}). {_CERTIFICATES}"
        ) from error
    if scheme == "tls" and not certain:
        raise SettingsError(f"--cluster: {address} needs certificates. {_CERTIFICATES}")
    if scheme != "tls" and security.require_encryption:
        raise SettingsError(
            f"--cluster: Dask's configuration asks for encryption, and {address} has none. Name a scheduler by tls://."
        )
    return security


def _silence() -> None:
    """Leave out what Dask logs of a lost connection, with tracebacks: it is said in a sentence."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _in_a_line(said: object) -> str:
    return " ".join(str(said).split())
