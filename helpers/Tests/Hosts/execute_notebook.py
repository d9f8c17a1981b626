"""Runs a notebook as Jupyter does and writes what came of it: execute_notebook.py NOTEBOOK RESULT."""
import pathlib
import sys

import nbformat
from nbclient import NotebookClient

notebook, result = map(pathlib.Path, sys.argv[1:])
content = nbformat.read(notebook, as_version=4)
folder = str(notebook.parent.absolute())
NotebookClient(content, timeout=600, allow_errors=True, resources={"metadata": {"path": folder}}).execute()
nbformat.write(content, result)
