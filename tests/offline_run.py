"""Run by test_offline.py in a process of its own: every socket but loopback is shut, then the whole main job is done."""

import socket
import sys
import threading
from pathlib import Path

LOOPBACK = ("127.", "localhost", "::1")
attempts: list[object] = []
_connect, _getaddrinfo = socket.socket.connect, socket.getaddrinfo


def _local(host: object) -> bool:
    return host is None or str(host).startswith(LOOPBACK)


def connect(self: socket.socket, address: object) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _local(address[0]):  # type: ignore[index]
        attempts.append(address)
        raise OSError(f"no network: {address}")
    _connect(self, address)  # type: ignore[arg-type]


def getaddrinfo(host: object, *args: object, **more: object) -> object:
    if not _local(host):
        attempts.append(host)
        raise socket.gaierror(f"no network: {host}")
    return _getaddrinfo(host, *args, **more)  # type: ignore[arg-type]


socket.socket.connect = connect  # type: ignore[method-assign,assignment]
socket.socket.connect_ex = connect  # type: ignore[method-assign,assignment]
socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]


def main(folder: Path) -> None:
    import httpx
    import uvicorn

    from assistant import Assistant, Settings
    from assistant.web.server import create_app

    assistant = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))
    assistant.index()
    assert "hver 4. uge" in assistant.ask("Hvor ofte gives Veltoral?").text
    assert assistant.ask("Hvad koster Bruxamin?").abstained
    server = uvicorn.Server(uvicorn.Config(create_app(assistant), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        pass
    port = server.servers[0].sockets[0].getsockname()[1]
    page = httpx.get(f"http://127.0.0.1:{port}/", timeout=60)
    asked = httpx.post(
        f"http://127.0.0.1:{port}/api/v1/ask", json={"question": "Hvor ofte gives Veltoral?"}, timeout=60
    )
    server.should_exit = True
    thread.join()
    assert page.status_code == 200
    assert "hver 4. uge" in asked.json()["answer"]
    assert not attempts, attempts
    heavy = {"torch", "transformers", "sentence_transformers", "llama_index"} & set(sys.modules)
    assert not heavy, heavy  # seconds and hundreds of megabytes, which nothing here needs


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    print("done offline")
