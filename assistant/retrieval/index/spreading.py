"""The same work on many things, in their order: one after the other on this machine, or spread over a Ray cluster."""

import os
import pickle
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from assistant.errors import AssistantError, ClusterError
from assistant.settings import Settings

Task = TypeVar("Task")
Result = TypeVar("Result")
_CONNECT_SECONDS = 10.0


class Workforce(Protocol):
    """Whoever does the work."""

    def map(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """What the work makes of each task, in the order of the tasks.

        Args:
            work: a function of a module, or an object that can be pickled; it may run in several processes at once.
        """


class Here:
    """This process alone."""

    def map(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """What the work makes of each task."""
        return map(work, tasks)


class OverRay:
    """The nodes of a Ray cluster, each with this package installed and the documents under the same path."""

    def __init__(self, address: str) -> None:
        self._address = address

    def map(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """What the work makes of each task.

        Raises:
            ClusterError: the cluster cannot be reached, or gave up on the work.
            AssistantError: as the work raised it.
        """
        if not tasks:
            return
        ray = self._connected()
        cores = int(ray.cluster_resources().get("CPU", 1))
        rows = [{"task": pickle.dumps(task)} for task in tasks]
        try:
            spread = ray.data.from_items(rows, override_num_blocks=min(len(rows), 4 * cores)).map(
                _Worker,
                fn_constructor_args=(pickle.dumps(work),),
                compute=ray.data.ActorPoolStrategy(size=min(len(rows), cores)),
                num_cpus=1,
            )
            for row in spread.iter_rows():
                result, failed = pickle.loads(row["came"])
                if failed:
                    raise failed if isinstance(failed, AssistantError) else ClusterError(self._address, failed)
                yield result
        except ray.exceptions.RayError as error:
            raise ClusterError(self._address, _last_line(error)) from error

    def _connected(self) -> Any:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would tell its makers
        try:
            import ray
            import ray.data
        except ImportError as error:
            raise ClusterError(self._address, "Ray is not installed here; pip install 'assistant[ray]'") from error
        self._must_listen()
        if not ray.is_initialized():
            try:
                ray.init(address=self._address, log_to_driver=False, logging_level="ERROR")
            except (ConnectionError, ValueError, RuntimeError) as error:
                raise ClusterError(self._address, _last_line(error)) from error
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        return ray

    def _must_listen(self) -> None:
        """Ray itself would try for minutes."""
        host, _, port = self._address.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS).close()
        except OSError as error:
            raise ClusterError(self._address, error.strerror or str(error)) from error


class _Worker:
    """A process on some node: it does the work on one task after the other, and keeps what it has loaded."""

    def __init__(self, work: bytes) -> None:
        self._work: Callable[[Any], Any] = pickle.loads(work)

    def __call__(self, row: dict[str, bytes]) -> dict[str, bytes]:
        came: tuple[Any, AssistantError | str | None]
        try:
            came = self._work(pickle.loads(row["task"])), None
        except AssistantError as error:
            came = None, error
        except Exception as error:  # noqa: BLE001 - whatever the work raises; Ray would do it again
            came = None, f"{type(error).__name__}: {error}"
        return {"came": pickle.dumps(came)}


def workforce(settings: Settings) -> Workforce:
    """Whoever the settings name."""
    return OverRay(settings.ray_address) if settings.ray_address else Here()


def _last_line(error: BaseException) -> str:
    """What went wrong: a traceback of another machine ends with it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200] if lines else type(error).__name__
