"""A real Chroma server on a free port of this machine."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx


class ChromaServer:
    """Keeps its data in a folder; may be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self.start()

    def start(self) -> None:
        command = Path(sys.executable).parent / "chroma"
        where = ["--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._running = subprocess.Popen(
            [str(command), "run", *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(300):
            try:
                if httpx.get(f"{self.url}/api/v2/heartbeat", timeout=1).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("chroma run does not answer")

    def stop(self) -> None:
        self._running.terminate()
        self._running.wait(10)
