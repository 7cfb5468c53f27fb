"""The rules of imports: product code has no circles, and nothing reaches up."""

import ast
import re
import sys
import tomllib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("pipelines", "sources", "transforms", "simulator")

# Who may import whom, besides itself.
PACKAGES = {
    "pipelines": {"sources", "transforms", "simulator"},
    "sources": set(),
    "transforms": set(),
    "simulator": set(),
}
# The rooms of a package, the lowest first: each may import those before it. Modules outside of any room are "": all may
# import them where that has no place.
ROOMS = {
    "sources.intercom": (
        *({"secrecy"}, {"configuration"}, {"api"}, {"rows"}, {"privacy", "export"}, {"reading"}, {"records"}),
        *({"incremental"}, {"resources"}, {"sweep"}, {""}),
    ),
    "sources.intercom.api": ({"transport"}, {"http"}, {"completeness"}, {"lists"}),
    "pipelines": (
        *({"destination"}, {"journal"}, {"run", "query", "notifications"}, {"verify", "forget", "status", "report"}),
        *({"doctor"}, {"commands"}),
    ),
    "simulator": (
        *({"workspace"}, {"generate", "search"}, {"changes", "http"}, {"endpoints"}, {"faults"}),
        *({"running"}, {"control"}, {"serving"}),
    ),
}


def _module_of(file):
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_module_of(file): file for package in PRODUCT for file in (ROOT / package).rglob("*.py")}


def _imports(module):
    """Yield the modules of the product that a module imports, anywhere in its code."""
    file = FILES[module]
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                found = next((name for name in (f"{base}.{alias.name}", base) if name in FILES), None)
                if found is not None:
                    yield found


@cache
def _all_imports():
    return {module: set(_imports(module)) - {module} for module in FILES}


def _is_within(module, package):
    return module == package or module.startswith(f"{package}.")


def test_the_walk_finds_the_imports():
    assert len(FILES) > 200
    assert "sources.intercom.api.http.client" in _all_imports()["sources.intercom.api.lists.pagination"]
    assert "simulator.errors" in _all_imports()["simulator.endpoints.companies"]
    assert sum(map(len, _all_imports().values())) > 800


def test_no_module_imports_itself_through_others():
    try:
        list(TopologicalSorter(_all_imports()).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_is_below_them(package):
    allowed = {package, *PACKAGES[package]}
    reaching = [
        f"{module} imports {imported}"
        for module in FILES
        if _is_within(module, package)
        for imported in _all_imports()[module]
        if imported.partition(".")[0] not in allowed
    ]
    assert reaching == []


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_import_only_what_is_below_them(package):
    height = {room: number for number, rooms in enumerate(ROOMS[package]) for room in rooms}

    def room_of(module):
        room = module.removeprefix(package).lstrip(".").partition(".")[0]
        return room if (ROOT / package.replace(".", "/") / room).is_dir() else ""

    of_package = [module for module in FILES if _is_within(module, package)]
    assert {room_of(module) for module in of_package} == {*height, ""}, "a room without a place among the others"
    reaching = [
        f"{module} imports {imported}"
        for module in of_package
        for imported in _all_imports()[module]
        if {room_of(module), room_of(imported)} <= height.keys()
        and room_of(imported) != room_of(module)
        and height[room_of(imported)] >= height[room_of(module)]
    ]
    assert reaching == []


def test_imports_inside_the_source_are_relative():
    absolute = [
        f"{module}:{node.lineno}"
        for module, file in FILES.items()
        if _is_within(module, "sources.intercom")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom | ast.Import)
        and (getattr(node, "module", None) or node.names[0].name).startswith("sources")
    ]
    assert absolute == []


def test_what_a_copy_of_the_source_needs_is_what_it_imports_in_the_versions_of_the_project():
    lines = (ROOT / "sources/intercom/requirements.txt").read_text().splitlines()
    needed = {_package(line): line for line in lines if not line.startswith("#")}
    imported = {
        name.partition(".")[0]
        for module, file in FILES.items()
        if _is_within(module, "sources.intercom")
        for node in ast.walk(ast.parse(file.read_text()))
        for name in _absolute(node)
    }
    of_dlt = {"sqlglot"}  # a version that dlt works with
    assert needed.keys() == (imported - sys.stdlib_module_names) | of_dlt
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    versions = {_package(line): _version(line) for line in project}
    assert {name: _version(line) for name, line in needed.items()} == {name: versions[name] for name in needed}


def _absolute(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []


def _package(line):
    return re.match(r"[\w-]+", line)[0]


def _version(line):
    return re.sub(r"^[\w-]+(\[.*?\])?", "", line)


def test_product_code_never_imports_tests():
    for module, file in FILES.items():
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(_is_within(name, "tests") for name in names), module
