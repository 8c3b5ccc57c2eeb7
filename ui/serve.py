"""The dashboard, warm before its first reader: ``python -m ui.serve [options of Streamlit]``.

What the first page needs is loaded beside the start of the server, which waits for none of it. A
reader who comes sooner waits for what is being loaded, and loads nothing twice.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from threading import Thread

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

APP = Path(__file__).parent.parent / "app.py"


def main(options: list[str]) -> None:
    """Serve until told to stop."""
    # Until app.py has run once, Streamlit takes the files of pages/ for an application of its own,
    # without app.py's titles and layout: the first reader's, where it is not the map's address.
    PagesManager.uses_pages_directory = False
    Thread(target=warm, name="warm", daemon=True).start()
    cli.main(["run", str(APP), *options], prog_name="streamlit")


def warm() -> None:
    """Load what the first page needs: its modules alone take a second, the server's start too."""
    import_module("ui.warm").opening()


if __name__ == "__main__":
    main(sys.argv[1:])
