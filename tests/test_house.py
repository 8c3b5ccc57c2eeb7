"""The house itself: short functions, pages without any, no other host, pinned for a reason."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ("app.py", "geo", "ui", "pages", "tools", "benchmarks")
LONGEST = 60  # lines of a function, its end included; fewer than this
LARGEST = 4_000_000  # bytes of a committed file
CASE_SIDE = ("ingest", "mapping", "rules", "places", "cube", "protect", "build", "demo", "policy")

# An address may be named, never fetched: XML's name space, this machine, the quick exit.
NAMED = ("www.w3.org", "localhost", "127.0.0.1", "www.weather.gov")
HOST = re.compile(r"(?:https?|wss?):(?:\\?/){2}([\w.-]+)|[\"'(=]\s*//([\w-]+(?:\.[\w-]+)+)")
FETCHED_FROM = re.compile(
    r"cdn\.|cdnjs|jsdelivr|unpkg|googleapis|gstatic|openstreetmap|cartodb|mapbox|arcgis", re.I
)


def committed():
    """Files under version control, or all but hidden and ignored folders outside of git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    found = [ROOT / name for name in names if name] or _walked()
    return sorted(path for path in found if path.is_file())


def _walked():
    inside = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
    left_out = ("static", "build", "__pycache__")
    return [
        ROOT / path for path in inside
        if not any(part.startswith(".") or part in left_out for part in path.parts)
    ]  # fmt: skip


def sources(*endings):
    """Committed files of the product itself with one of these endings."""
    product = {ROOT / name for name in SOURCES}
    return [
        path
        for path in committed()
        if path.suffix in endings and (path in product or product & set(path.parents))
    ]


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def test_the_files_these_tests_look_at_are_there():
    names = {str(path.relative_to(ROOT)) for path in sources(".py")}
    assert {"app.py", "geo/model.py", "ui/nav.py", "pages/map.py", "tools/boundaries.py"} <= names


def test_a_page_holds_no_function_no_class_and_no_lambda():
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    pages = sorted((ROOT / "pages").glob("*.py"))
    assert pages
    found = {
        path.name
        for path in pages
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, kinds)
    }
    assert not found


def test_the_settings_of_the_dashboard_can_be_read():
    """Streamlit goes on without a file that it cannot read, and then asks other hosts."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["enableStaticServing"] is True


def test_no_run_of_a_page_pays_for_a_watch_on_files_or_a_collection():
    """Both took several times as long as the page itself, for every reader and every change."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["fileWatcherType"] == "none"
    assert settings["runner"]["postScriptGC"] is False


def test_no_function_is_long():
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in sources(".py")
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 >= LONGEST
    }
    assert not long


def test_no_file_names_another_host():
    found = {}
    for path in sources(".py", ".html", ".js", ".css", ".toml"):
        text = path.read_text(encoding="utf-8")
        hosts = {first or second for first, second in HOST.findall(text)} - set(NAMED)
        if hosts:
            found[str(path.relative_to(ROOT))] = sorted(hosts)
    assert not found


def test_no_file_names_a_tile_server_or_a_delivery_network():
    found = {
        str(path.relative_to(ROOT)): FETCHED_FROM.findall(path.read_text(encoding="utf-8"))
        for path in sources(".html", ".js", ".css")
    }
    assert not {name: hosts for name, hosts in found.items() if hosts}


def test_what_finds_other_hosts_finds_them():
    assert HOST.findall('src="https://cdn.example.org/a.js"')[0][0] == "cdn.example.org"
    assert HOST.findall("url(//fonts.example.org/a)")[0][1] == "fonts.example.org"
    assert not HOST.findall("7 // 2 and a comment // like.this")


def test_no_html_goes_around_streamlit():
    found = [
        str(path.relative_to(ROOT))
        for path in sources(".py")
        if re.search(r"unsafe_allow_html\s*=\s*True", path.read_text(encoding="utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "benchmarks/requirements.txt"]
)
def test_every_requirement_is_pinned_and_has_a_reason(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if line.strip() and not line.startswith(("#", "-r "))]
    assert asked
    pinned = re.compile(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[0-9][A-Za-z0-9.]*\s+# \S.{3,}")
    assert not [line for line in asked if not pinned.fullmatch(line)]


def test_every_package_the_product_imports_is_required():
    given = {"geo", "ui", "tools", "pages", "benchmarks", *sys.stdlib_module_names}
    called = {"streamlit_folium": "streamlit-folium", "python_calamine": "python-calamine"}
    called |= {"jinja2": "Jinja2", "xstatic": "XStatic-Leaflet"}
    imported = {
        name.split(".")[0]
        for path in sources(".py")
        if not {"tools", "benchmarks"} & {part.name for part in path.parents}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported(node)
    }
    required = (ROOT / "requirements.txt").read_text(encoding="utf-8").lower()
    lacking = [
        name
        for name in sorted(imported - given)
        if not re.search(rf"^{re.escape(called.get(name, name).lower())}==", required, re.M)
    ]
    assert not lacking


def _imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []


def test_no_large_file_is_committed():
    large = {str(path.relative_to(ROOT)): path.stat().st_size for path in committed()}
    assert not {name: size for name, size in large.items() if size > LARGEST}


def test_the_dashboard_imports_without_anything_that_has_seen_a_case():
    code = (
        "import sys, pathlib, importlib\n"
        f"for name in {CASE_SIDE!r}: sys.modules['geo.' + name] = None\n"
        "names = sorted(p.stem for p in pathlib.Path('ui').glob('*.py') if p.stem != '__main__')\n"
        "assert names\n"
        "for name in names: importlib.import_module('ui.' + name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_no_session_loads_what_only_builds_and_files_need():
    """`scipy.stats` alone takes 48 MB more than `scipy.special` at the start of each server."""
    code = (
        "import sys, ui.nav, ui.parts.view\n"
        "heavy = ('scipy.stats', 'matplotlib', 'numba', 'highspy', 'esda', 'libpysal')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_page_imports_only_streamlit_and_the_dashboard():
    for path in sorted((ROOT / "pages").glob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        imported = {name.split(".")[0] for node in nodes for name in _imported(node)}
        assert imported <= {"streamlit", "ui"}, path.name
