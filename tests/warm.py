"""The command `assistant`, each time in a process of its own, but forked from one that has loaded the libraries.

Loading them takes most of the time of a short command. `warm.py SOCKET` loads them once and waits; the command that
`command` writes passes its arguments, folder, environment and standard streams there, and ends as its process ends.
"""

import atexit
import json
import os
import select
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
PLAIN = """#!{python}
import sys
sys.path.insert(0, {root!r})
from assistant.cli import main
main()
"""
PASSED_ON = """#!{python} -IS
import json, os, socket, sys
asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
with socket.socket(socket.AF_UNIX) as there:
    there.connect({address!r})
    socket.send_fds(there, [b"%010d" % len(asked)], [0, 1, 2])
    there.sendall(asked)
    sys.exit(int(there.recv(10) or 1))
"""


@cache
def command() -> str:
    """The command's path. It works until this process ends."""
    folder = TemporaryDirectory()
    file, address = Path(folder.name) / "assistant", str(Path(folder.name) / "socket")
    file.write_text(
        (PASSED_ON if _warm(address) else PLAIN).format(python=sys.executable, root=str(ROOT), address=address)
    )
    file.chmod(0o755)
    atexit.register(folder.cleanup)
    return str(file)


def _warm(address: str) -> bool:
    """Whether a process with everything loaded waits at the address now; elsewhere each must load it for itself."""
    if not sys.platform.startswith("linux"):
        return False
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    started = subprocess.Popen(
        [sys.executable, __file__, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=alone
    )
    atexit.register(started.communicate)  # which closes its input, as the death of this process does: then it ends
    assert started.stdout
    return started.stdout.readline() == b"ready\n"


def _serve(address: str) -> None:
    sys.path[0] = str(ROOT)
    import chromadb  # noqa: F401  # what a command would load

    import assistant.engine  # noqa: F401
    from assistant.documents.language import detect
    from assistant.retrieval.gloss import gloss

    gloss("dosis", detect("Dosis"))  # tables and word lists, which are large
    # Not onnxruntime: it starts a thread, and a fork has none of its parent's threads.
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        return
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.bind(address)
        waiting.listen()
        print("ready", flush=True)
        while sys.stdin not in select.select([waiting, sys.stdin], [], [])[0]:
            asked, _ = waiting.accept()
            if os.fork() == 0:
                waiting.close()
                _mind(asked)
                os._exit(0)
            asked.close()
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _mind(asked: socket.socket) -> None:
    """Run one command in a child, and tell how it ended."""
    length, streams, _, _ = socket.recv_fds(asked, 10, 3)
    with asked.makefile("rb") as coming:
        arguments, folder, environment = json.loads(coming.read(int(length)))
    child = os.fork()
    if child == 0:
        asked.close()
        for place, stream in enumerate(streams):
            os.dup2(stream, place)
            os.close(stream)
        _become(arguments, folder, environment)
    for stream in (0, 1, 2, *streams):  # whoever reads the command's output waits for its last writer
        os.close(stream)
    _, status = os.waitpid(child, 0)
    asked.sendall(b"%d" % abs(os.waitstatus_to_exitcode(status)))


def _become(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["assistant", *arguments]
    from assistant.cli import main

    main()
    sys.exit()


if __name__ == "__main__":
    _serve(sys.argv[1])
