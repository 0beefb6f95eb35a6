"""A kernel for run-notebooks.test.ts that answers wrongly, in the way that a cell's text says: aborted, uncounted, unbegun,
endless, dead. Any other cell is answered as it should be. It ends as many times before its first cell as the file DEATHS
says, in the way that WHEN says: start (it exits), mute (it never answers) or asked (it exits when asked for the cell).

Usage: fake_kernel.py CONNECTION_FILE DEATHS WHEN
"""

import json
import signal
import sys
from pathlib import Path

import zmq
from jupyter_client.session import Session


def main(connection_file: str, deaths: str, when: str) -> None:
    is_doomed = count_down(Path(deaths))
    if is_doomed and when == "start":
        sys.exit(1)
    # As tslab: an interrupt is no end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = json.loads(Path(connection_file).read_text(encoding="utf-8"))
    session = Session(key=connection["key"].encode(), signature_scheme=connection["signature_scheme"])
    context = zmq.Context()

    def bound(kind: int, name: str):
        socket = context.socket(kind)
        socket.bind(f"tcp://{connection['ip']}:{connection[name]}")
        return socket

    iopub = bound(zmq.PUB, "iopub_port")
    sockets = [bound(zmq.ROUTER, "shell_port"), bound(zmq.ROUTER, "control_port")]
    poller = zmq.Poller()
    for socket in sockets:
        poller.register(socket, zmq.POLLIN)
    while True:
        for socket, _ in poller.poll():
            identities, raw = session.feed_identities(socket.recv_multipart())
            message = session.deserialize(raw)
            if is_doomed and when == "mute":
                continue
            if is_doomed and message["msg_type"] == "execute_request":
                sys.exit(1)
            answer(session, iopub, socket, message, identities)


def count_down(file: Path) -> bool:
    """Whether this start is one of those that end early."""
    deaths = int(file.read_text(encoding="utf-8"))
    file.write_text(str(max(0, deaths - 1)), encoding="utf-8")
    return deaths > 0


def answer(session: Session, iopub, socket, message: dict, identities: list) -> None:
    kind = message["msg_type"]
    code = message["content"].get("code", "")
    if code == "dead":
        sys.exit(1)
    content = {"status": "ok", "protocol_version": "5.3", "language_info": {"name": "typescript"}}
    session.send(iopub, "status", {"execution_state": "busy"}, parent=message)
    if kind == "execute_request":
        content = {"status": "aborted"} if code == "aborted" else {"status": "ok"}
        if code not in ("aborted", "uncounted"):
            content["execution_count"] = 1
        if code not in ("aborted", "unbegun"):
            shown = {"code": code, "execution_count": 1}
            session.send(iopub, "execute_input", shown, parent=message)
    reply = kind.replace("_request", "_reply")
    session.send(socket, reply, content, parent=message, ident=identities)
    if code != "endless":
        session.send(iopub, "status", {"execution_state": "idle"}, parent=message)


if __name__ == "__main__":
    main(*sys.argv[1:])
