"""Drives one real kernel for kernel.test.ts.

Reads a JSON list of steps from standard input and prints a JSON list with what became of each:
{"run": CODE}                one request, waited for; answers {"status", "error", "text", "displays"}
{"together": [CODE, ...]}    requests sent at once; answers a list of the same
{"pauseSeconds": N}          waits between cells; answers null
{"write": TEXT, "to": FILE}  writes a file, as an editor would; answers null

Usage: kernel_driver.py LAUNCHER FOLDER   (FOLDER is where the client starts the kernel)
"""

import json
import os
import subprocess
import sys
import time
from queue import Empty

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec

TIMEOUT_SECONDS = 90


def main(launcher: str, folder: str) -> None:
    steps = json.load(sys.stdin)
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(
        argv=[os.environ["NODE"], launcher, "{connection_file}"],
        display_name="test",
        language="typescript",
    )
    manager.start_kernel(cwd=folder, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT_SECONDS)
        json.dump([take(client, step) for step in steps], sys.stdout)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def take(client, step: dict):
    if "pauseSeconds" in step:
        time.sleep(step["pauseSeconds"])
        return None
    if "write" in step:
        with open(step["to"], "w", encoding="utf-8") as file:
            file.write(step["write"])
        return None
    if "run" in step:
        return collect(client, [client.execute(step["run"])])[0]
    return collect(client, [client.execute(code) for code in step["together"]])


def collect(client, ids: list) -> list:
    results = {i: {"status": "lost", "error": "", "text": "", "displays": []} for i in ids}
    while any(result["status"] == "lost" for result in results.values()):
        try:
            reply = client.get_shell_msg(timeout=TIMEOUT_SECONDS)
        except Empty:
            break
        parent = reply["parent_header"].get("msg_id")
        if parent in results:
            results[parent]["status"] = reply["content"]["status"]
    idle = set()
    while idle != set(ids):
        try:
            message = client.get_iopub_msg(timeout=5)
        except Empty:
            break
        parent = message["parent_header"].get("msg_id")
        if parent not in results:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            results[parent]["text"] += content["text"]
        elif kind == "display_data":
            results[parent]["displays"].append(content["data"])
        elif kind == "error":
            results[parent]["error"] = f"{content['ename']}: {content['evalue']}"
        elif kind == "status" and content["execution_state"] == "idle":
            idle.add(parent)
    return [results[i] for i in ids]


if __name__ == "__main__":
    main(*sys.argv[1:])
