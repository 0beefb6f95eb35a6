"""The magic `%%ts`: TypeScript cells in a notebook whose kernel is Python, such as Colab's.

%load_ext typescript_magic

%%ts               the cell runs on the TypeScript kernel of this clone
%%ts days market   the same, with these variables of Python declared first (whatever JSON can hold)
%ts_restart        starts the TypeScript kernel again; what its cells declared is gone
"""

import json
import os
import sys

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from typescript_kernel import TypescriptKernel


@magics_class
class TypescriptMagics(Magics):
    """`%%ts` and `%ts_restart` of one notebook, with its kernel."""

    def __init__(self, shell, kernel: TypescriptKernel):
        super().__init__(shell)
        self.kernel = kernel

    @cell_magic
    def ts(self, line: str, cell: str) -> None:
        """Runs the cell as TypeScript; names in the line are variables of Python that it is given."""
        for name in line.split():
            self.kernel.run(declaration(name, self.shell.user_ns))
        self.kernel.run(cell)

    @line_magic
    def ts_restart(self, line: str) -> None:
        """Starts the TypeScript kernel again."""
        if line:
            raise UsageError("%ts_restart takes no argument")
        self.kernel.start()


def declaration(name: str, variables: dict) -> str:
    """The TypeScript that declares a variable of Python; nothing is printed of it."""
    if name not in variables:
        raise UsageError(f"%%ts: {name} is no variable of this notebook")
    try:
        # JSON is TypeScript; in plain ASCII no character of a text can break the line.
        text = json.dumps(variables[name], default=as_list)
    except (TypeError, ValueError) as error:
        raise UsageError(f"%%ts: {name} is nothing that JSON can hold ({error})") from error
    return f"let {name} = {text}; void 0;"


def as_list(value):
    """Arrays and scalars of numpy, series of pandas."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a {type(value).__name__} is in it")


def load_ipython_extension(shell) -> None:
    """Called by %load_ext."""
    environment = dict(os.environ)
    if "google.colab" in sys.modules:
        # There each output is a page of its own, and a figure cannot use the Plotly that an earlier one brought.
        environment["TICKBOOK_OUTPUTS"] = "apart"
    shell.register_magics(TypescriptMagics(shell, TypescriptKernel(environment=environment)))
