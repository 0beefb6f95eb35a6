"""Runs notebooks on the tslab kernel, all in one process, and tells on standard output how it goes.

Each executed notebook is written to the folder under its own name, also when a cell failed: the error stands below that
cell, the cells after it did not run, and the other notebooks still do. One line of JSON an event:
{"event": "start", "notebook", "of"}                       of: number of code cells
{"event": "cell", "notebook", "cell", "of", "seconds", "ok"}  cell counts from 1
{"event": "done", "notebook", "of", "seconds", "ok", "error"}  error: "" or what failed, and in which cell

Exit code: 0 all ran, 1 one failed, 2 wrong usage.
"""

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
KERNELS = ROOT / ".venv" / "share" / "jupyter" / "kernels"
STARTUP_SECONDS = 120
NAME = re.compile(r"[A-Za-z_$][\w$]*\Z")


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
    report = {"notebook": path.stem, "of": len(cells)}
    tell(event="start", **report)
    begun = time.monotonic()
    error = ""
    try:
        inject(notebook, arguments.params)
        execute(notebook, cells, report, arguments.cell_timeout)
    except Exception as problem:  # noqa: BLE001  whatever it was, the next notebook is tried
        error = sentence(problem, cells)
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
        declared = set(re.findall(r"^\s*let\s+([\w$]+)", cell.source, re.MULTILINE))
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


def execute(notebook, cells: list, report: dict, cell_timeout: int) -> None:
    begun_at = {}

    def on_start(cell, cell_index):
        begun_at[cell_index] = time.monotonic()

    def on_executed(cell, cell_index, execute_reply):
        if cell not in cells:
            return
        is_ok = execute_reply["content"]["status"] == "ok"
        seconds = seconds_since(begun_at[cell_index])
        tell(event="cell", **report, cell=cells.index(cell) + 1, seconds=seconds, ok=is_ok)

    # Only this clone's own kernel will do, whatever else the user has registered.
    manager = AsyncKernelManager(
        kernel_name="tslab",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(KERNELS)]),
    )
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=cell_timeout,
        startup_timeout=STARTUP_SECONDS,
        shutdown_kernel="immediate",
        on_cell_execute=on_start,
        on_cell_executed=on_executed,
        resources={"metadata": {"path": str(ROOT)}},
    )
    environment = {**os.environ, "TICKBOOK_HEADLESS": "1"}
    # What a native library writes past the kernel must not get between the events.
    client.execute(env=environment, stdout=sys.stderr, stderr=sys.stderr)


def sentence(problem: Exception, cells: list) -> str:
    if isinstance(problem, CellExecutionError):
        where = next((i for i, cell in enumerate(cells, 1) if has_error(cell)), None)
        place = "in the injected parameters" if where is None else f"in cell {where}"
        return f"{problem.ename}: {problem.evalue} ({place})"
    if isinstance(problem, CellTimeoutError):
        return "a cell took longer than its time limit"
    if isinstance(problem, DeadKernelError):
        return "the kernel died; it may have run out of memory"
    return f"{type(problem).__name__}: {problem}"


def has_error(cell) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def seconds_since(begun: float) -> float:
    return round(time.monotonic() - begun, 3)


def tell(**event) -> None:
    print(json.dumps(event), flush=True)


if __name__ == "__main__":
    sys.exit(main())
