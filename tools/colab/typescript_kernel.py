"""Drives the TypeScript kernel of this clone from Python: cells go in, what they print and show comes back as it happens.

The kernel starts with the first cell and ends when it sees that the Python process has. Works with jupyter_client 6 and later.
"""

import queue
import sys
import threading
import time
from pathlib import Path

from IPython.display import clear_output, publish_display_data
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[2]
KERNELS = ROOT / ".venv" / "share" / "jupyter" / "kernels"
STARTUP_SECONDS = 120
# How long a cell may take to end once it was interrupted, and a thread to see that its kernel is gone.
PATIENCE_SECONDS = 15


class TypescriptError(Exception):
    """A cell that failed; its message is the cell's own, and so are the lines that a notebook shows of it."""

    def __init__(self, message: str, lines: list):
        super().__init__(message)
        self.lines = lines

    def _render_traceback_(self) -> list:
        return self.lines or [str(self)]


class TypescriptKernel:
    """One kernel; cells run one after the other, and what one declares the next ones see."""

    def __init__(self, kernels: Path = KERNELS, environment: dict = None):
        self._kernels = kernels
        self._environment = environment
        self._manager = None
        self._client = None
        self._outputs = queue.Queue()
        self._listener = None

    def start(self) -> None:
        """Starts it anew; all that earlier cells declared is gone."""
        self.stop()
        if not (self._kernels / "tslab" / "kernel.json").is_file():
            raise TypescriptError("the TypeScript kernel is not set up; run `npm run setup` in the clone", [])
        specs = KernelSpecManager(kernel_dirs=[str(self._kernels)])
        self._manager = KernelManager(kernel_name="tslab", kernel_spec_manager=specs)
        self._manager.start_kernel(cwd=str(ROOT), env=self._environment)
        self._client = self._manager.client()
        self._client.start_channels()
        try:
            self._client.wait_for_ready(timeout=STARTUP_SECONDS)
        except RuntimeError as error:
            self.stop()
            raise TypescriptError(f"the TypeScript kernel did not start: {error}", []) from error
        # Read beside the cell, so that an interrupt of Python loses no message.
        self._outputs = queue.Queue()
        arguments = (self._client, self._outputs)
        self._listener = threading.Thread(target=self._listen, args=arguments, daemon=True)
        self._listener.start()

    def stop(self) -> None:
        """Ends it, whatever it is doing."""
        manager, client, self._manager, self._client = self._manager, self._client, None, None
        if manager is None:
            return
        if self._listener is not None:
            # A socket must not be closed under the thread that reads from it.
            self._listener.join(timeout=PATIENCE_SECONDS)
            self._listener = None
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    def interrupt(self) -> None:
        """Stops the cell that runs; what earlier cells declared stays."""
        if self._manager is not None:
            self._manager.interrupt_kernel()

    def run(self, code: str) -> None:
        """Runs a cell; an interrupt of Python interrupts it.

        Raises TypescriptError where the cell fails or the kernel dies, KeyboardInterrupt where it was interrupted.
        """
        if self._manager is None:
            self.start()
        request = self._client.execute(code, allow_stdin=False)
        try:
            failure = self._follow(request, until=None)
        except KeyboardInterrupt:
            self.interrupt()
            failure = self._follow(request, until=time.monotonic() + PATIENCE_SECONDS)
            if failure is None or failure.lines:
                raise
        if failure is not None:
            raise failure

    def _listen(self, client, outputs: queue.Queue) -> None:
        while client is self._client:
            try:
                outputs.put(client.get_iopub_msg(timeout=0.5))
            except queue.Empty:
                continue

    def _follow(self, request: str, until):
        """Shows what the cell puts out until it has ended; the error that ended it, or None."""
        failure = None
        while True:
            try:
                message = self._outputs.get(timeout=0.5)
            except queue.Empty:
                if until is not None and time.monotonic() > until:
                    return TypescriptError("the cell did not end; start the kernel again with %ts_restart", [])
                if not self._manager.is_alive():
                    self.stop()
                    words = "the TypeScript kernel died, it may have run out of memory; the next cell starts it again"
                    return TypescriptError(words, [])
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return failure
            if kind == "error":
                failure = TypescriptError(content["evalue"], content["traceback"])
            show(kind, content)


def show(kind: str, content: dict) -> None:
    """Puts one output of a cell below the cell of Python."""
    if kind == "stream":
        print(content["text"], end="", flush=True, file=getattr(sys, content["name"]))
    elif kind in ("display_data", "execute_result", "update_display_data"):
        publish_display_data(
            data=content["data"],
            metadata=content.get("metadata") or {},
            transient=content.get("transient") or {},
            update=kind == "update_display_data",
        )
    elif kind == "clear_output":
        clear_output(wait=content.get("wait", False))
