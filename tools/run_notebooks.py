"""Runs notebooks on the tslab kernel, all in one process, and tells on standard output how it goes.

Each executed notebook is written to the folder under its own name, also when a cell failed: the error stands below that
cell, the cells after it did not run, and the other notebooks still do. A cell has run only when the kernel said so in
full; outputs of an earlier run are never kept. One line of JSON an event:
{"event": "start", "notebook", "of"}                       of: number of code cells
{"event": "cell", "notebook", "cell", "of", "seconds", "ok"}  cell counts from 1
{"event": "done", "notebook", "of", "seconds", "ok", "error"}  error: "" or what failed, and in which cell

Exit code: 0 all ran, 1 one failed, 2 wrong usage.
"""

import argparse
import atexit
import json
import os
import re
import sys
import time
from pathlib import Path

# It takes a second to load, and all that asks for it are checks of addresses in schemas, which notebooks have none of.
sys.modules["rfc3987_syntax"] = None

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
KERNELS = ROOT / ".venv" / "share" / "jupyter" / "kernels"
STARTUP_SECONDS = 120
# The ports of a kernel are chosen before it takes them; another program, or its own client's search for it, may come
# first. Such a kernel dies at its start or stays mute, and another is started.
STARTS = 3
# How long outputs may take once the kernel has said that the cell ended.
OUTPUT_SECONDS = 60
NAME = re.compile(r"[A-Za-z_$][\w$]*\Z")


class NotRun(Exception):
    """A cell that the kernel did not run, or did not say in full that it ran."""


class StrictClient(NotebookClient):
    """Remembers what the kernel says of each cell; nbclient takes one that it heard nothing of as done."""

    def __init__(self, *arguments, **traits):
        super().__init__(*arguments, **traits)
        self.heard = {}

    def process_message(self, msg, cell, cell_index):
        kind = msg["msg_type"]
        said = msg["content"].get("execution_state") if kind == "status" else kind
        self.heard.setdefault(cell_index, set()).add(said)
        return super().process_message(msg, cell, cell_index)


def main() -> int:
    arguments = parse_arguments()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    results = [run(Path(name), out, arguments) for name in arguments.notebooks]
    return 0 if all(results) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Runs notebooks on the tslab kernel.")
    parser.add_argument("--out", required=True, help="folder for the executed notebooks")
    parser.add_argument("--params", default="{}", help="JSON object of parameters")
    parser.add_argument("--cell-timeout", type=int, default=1800, help="seconds a cell may take")
    parser.add_argument("notebooks", nargs="+")
    arguments = parser.parse_args()
    try:
        arguments.params = json.loads(arguments.params)
    except json.JSONDecodeError as error:
        parser.error(f"--params is not JSON: {error}")
    if not isinstance(arguments.params, dict) or not all(map(NAME.match, arguments.params)):
        parser.error("--params must be a JSON object whose keys are names of variables")
    for name in arguments.notebooks:
        if not Path(name).is_file():
            parser.error(f"{name} is not a file")
    return arguments


def run(path: Path, out: Path, arguments: argparse.Namespace) -> bool:
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.update(outputs=[], execution_count=None)
    report = {"notebook": path.stem, "of": len(cells)}
    tell(event="start", **report)
    begun = time.monotonic()
    error = ""
    last_begun = {}
    try:
        inject(notebook, arguments.params)
        execute(notebook, cells, report, last_begun, arguments.cell_timeout)
    except Exception as problem:  # noqa: BLE001  whatever it was, the next notebook is tried
        error = sentence(problem)
        if last_begun:
            show_error(last_begun["cell"], problem, error)
            error = f"{error} ({place_of(last_begun['cell'], cells)})"
    nbformat.write(notebook, out / path.name)
    tell(event="done", **report, seconds=seconds_since(begun), ok=error == "", error=error)
    return error == ""


def inject(notebook, parameters: dict) -> None:
    """Adds assignments below the cell tagged `parameters`, to those of its `let` names that are given.

    The kernel checks them against the declared types, so a wrong one is an error of the notebook.
    """
    if not parameters:
        return
    for index, cell in enumerate(notebook.cells):
        if "parameters" not in cell.metadata.get("tags", []):
            continue
        declared = set(re.findall(r"(?:^|;)\s*let\s+([\w$]+)", cell.source, re.MULTILINE))
        lines = [f"{name} = {literal(value)};" for name, value in parameters.items() if name in declared]
        if not lines:
            return
        # The last line keeps the kernel from printing the last assignment.
        injected = nbformat.v4.new_code_cell(
            "\n".join(["// Parameters of this run", *lines, "void 0;"]),
            metadata={"tags": ["injected-parameters"]},
        )
        notebook.cells.insert(index + 1, injected)
        return


def literal(value) -> str:
    """JSON is TypeScript; in plain ASCII no character of a text can break the line."""
    return json.dumps(value)


def execute(notebook, cells: list, report: dict, last_begun: dict, cell_timeout: int) -> None:
    ended = []

    def on_start(cell, cell_index):
        last_begun.update(cell=cell, at=time.monotonic())

    def on_executed(cell, cell_index, execute_reply):
        doubt = doubt_of(execute_reply, client.heard.get(cell_index, set()))
        is_ok = doubt == "" and execute_reply["content"]["status"] == "ok"
        number = number_of(cell, cells)
        if number is not None:
            seconds = seconds_since(last_begun["at"])
            tell(event="cell", **report, cell=number, seconds=seconds, ok=is_ok)
        if doubt:
            cell.execution_count = None
            raise NotRun(f"the kernel did not run the cell: {doubt}")
        ended.append(cell_index)

    for attempt in range(1, STARTS + 1):
        client = new_client(notebook, cell_timeout)
        client.on_cell_execute = on_start
        client.on_cell_executed = on_executed
        environment = {**os.environ, "TICKBOOK_HEADLESS": "1"}
        try:
            # What a native library writes past the kernel must not get between the events.
            # nbclient would leave the kernel of a manager that is not its own running beside those that follow.
            client.execute(cleanup_kc=True, env=environment, stdout=sys.stderr, stderr=sys.stderr)
            break
        except RuntimeError as problem:
            if any("execute_input" in heard for heard in client.heard.values()):
                raise
            if attempt == STARTS and last_begun:
                raise
            # It told of no cell that it began.
            last_begun.clear()
            if attempt == STARTS:
                raise NotRun(f"the kernel did not start: {problem}") from problem
        finally:
            # nbclient leaves this behind when a kernel does not start.
            atexit.unregister(client._cleanup_kernel)
    wanted = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
    if ended != wanted:
        raise NotRun(f"the kernel ran {len(ended)} of {len(wanted)} cells")


def new_client(notebook, cell_timeout: int) -> StrictClient:
    # Only this clone's own kernel will do, whatever else the user has registered.
    manager = AsyncKernelManager(
        kernel_name="tslab",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(KERNELS)]),
    )
    return StrictClient(
        notebook,
        km=manager,
        timeout=cell_timeout,
        startup_timeout=STARTUP_SECONDS,
        iopub_timeout=OUTPUT_SECONDS,
        shutdown_kernel="immediate",
        force_raise_errors=True,
        resources={"metadata": {"path": str(ROOT)}},
    )


def doubt_of(execute_reply: dict, heard: set) -> str:
    """Why a cell cannot be taken as run; empty for one that ran, be it to an error."""
    content = execute_reply["content"]
    status = content.get("status")
    if status not in ("ok", "error"):
        return f'it answered "{status}"'
    if not isinstance(content.get("execution_count"), int):
        return "its answer had no execution count"
    if "execute_input" not in heard:
        return "it never said that the cell began"
    if "idle" not in heard:
        return f"its outputs did not end within {OUTPUT_SECONDS} s"
    return ""


def sentence(problem: Exception) -> str:
    if isinstance(problem, CellExecutionError):
        return f"{problem.ename}: {problem.evalue}"
    if isinstance(problem, NotRun):
        return str(problem)
    if isinstance(problem, CellTimeoutError):
        return "a cell took longer than its time limit"
    if isinstance(problem, DeadKernelError):
        return "the kernel died; it may have run out of memory"
    return f"{type(problem).__name__}: {problem}"


def show_error(cell, problem: Exception, text: str) -> None:
    """Puts an error below its cell, where the kernel did not do so itself."""
    if any(output.output_type == "error" for output in cell.outputs):
        return
    name = type(problem).__name__
    cell.outputs.append(nbformat.v4.new_output("error", ename=name, evalue=text, traceback=[text]))


def place_of(cell, cells: list) -> str:
    number = number_of(cell, cells)
    return "in the injected parameters" if number is None else f"in cell {number}"


def number_of(cell, cells: list):
    """Counted from 1; by identity, because two cells may have the same text. None for the injected parameters."""
    return next((number for number, one in enumerate(cells, 1) if one is cell), None)


def seconds_since(begun: float) -> float:
    return round(time.monotonic() - begun, 3)


def tell(**event) -> None:
    print(json.dumps(event), flush=True)


if __name__ == "__main__":
    sys.exit(main())
