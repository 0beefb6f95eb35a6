"""What the notebook 00-colab does on a machine: sets the clone up, checks it, registers its kernel, shows its reports."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from IPython.display import HTML
from jupyter_client.kernelspec import KernelSpecManager

ROOT = Path(__file__).resolve().parents[2]
KERNEL = ROOT / ".venv" / "share" / "jupyter" / "kernels" / "tslab"
LEAST_NODE = (20, 19)


class WorkbenchError(Exception):
    """What keeps the workbench from being set up, in one sentence."""

    def _render_traceback_(self) -> list:
        return [str(self)]


def run(*command: str) -> None:
    """Runs a program in the clone, its lines as they come; one that fails fails the cell."""
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as child:
        for line in child.stdout:
            print(line, end="", flush=True)
    if child.returncode != 0:
        raise WorkbenchError(f"`{' '.join(command)}` ended with exit code {child.returncode}; see above")


def install() -> None:
    """Sets up whatever is missing. The TensorFlow in this notebook's Python is the one that is built against."""
    require_node()
    # Not where the notebook runs in the environment that the set-up makes: it cannot be made of itself.
    if not Path(sys.prefix).resolve().is_relative_to(ROOT / ".venv"):
        os.environ.setdefault("TICKBOOK_PYTHON", sys.executable)
    run("npm", "run", "--silent", "setup")


def require_node() -> None:
    """Raises where Node is missing or too old."""
    least = ".".join(map(str, LEAST_NODE))
    version = node_version()
    if version is not None and version[: len(LEAST_NODE)] >= LEAST_NODE:
        return
    found = "none was found" if version is None else f"this one is {'.'.join(map(str, version))}"
    raise WorkbenchError(
        f"Node {least} or newer is needed and {found}; run `workbench.fetch_node()` in a cell, then this one again"
    )


def node_version():
    """The numbers of `node --version`, or None where there is no Node."""
    if shutil.which("node") is None:
        return None
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    numbers = re.match(r"v(\d+)\.(\d+)\.(\d+)", told)
    return None if numbers is None else tuple(map(int, numbers.groups()))


def fetch_node(major: int = 22) -> None:
    """Brings a newer Node with its npm from the npm registry, without root, and puts it first on this notebook's PATH."""
    if shutil.which("npm") is None:
        raise WorkbenchError("npm was not found; install it with `!apt-get install -y nodejs npm`, then try again")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("TICKBOOK_CACHE") or caches / "tickbook") / f"node-{major}"
    folder.mkdir(parents=True, exist_ok=True)
    run("npm", "install", "--prefix", str(folder), "--ignore-scripts=false", "--no-audit", "--no-fund", f"node@{major}", "npm@10")
    bins = str(folder / "node_modules" / ".bin")
    os.environ["PATH"] = os.pathsep.join([bins, os.environ["PATH"]])


def register_kernel() -> None:
    """Makes the TypeScript kernel known to JupyterLab, VS Code and other programs of this user."""
    specs = KernelSpecManager()
    other = Path(specs.user_kernel_dir) / "tslab"
    described = other / "kernel.json"
    if described.is_file() and "tslab-launcher.cjs" not in described.read_text(encoding="utf-8"):
        raise WorkbenchError(
            f"another kernel is called tslab, in {other}; remove it with `!jupyter kernelspec remove tslab`"
        )
    place = specs.install_kernel_spec(str(KERNEL), kernel_name="tslab", user=True)
    name = json.loads((Path(place) / "kernel.json").read_text(encoding="utf-8"))["display_name"]
    print(f"{name} is registered in {place}")


def show_report(name: str, height: int = 900) -> HTML:
    """A report of `reports/`, such as "03-features", in a frame of its own."""
    file = ROOT / "reports" / f"{name}.html"
    if not file.is_file():
        there = ", ".join(sorted(one.stem for one in file.parent.glob("*.html"))) or "none"
        raise WorkbenchError(f"there is no report {name} yet; there are: {there}")
    page = html.escape(file.read_text(encoding="utf-8"), quote=True)
    style = f"width:100%;height:{height}px;border:0"
    # IPython warns of HTML that begins with a frame, and its own kind of frame has no content, only an address.
    return HTML(f'<div><iframe srcdoc="{page}" sandbox="allow-scripts" style="{style}"></iframe></div>')
