"""A file is one thing and a folder can be taken in at a glance."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "application", "projections", "interfaces", "infrastructure", "tests")


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def test_no_file_is_longer_than_it_can_be_read():
    assert [str(path.relative_to(ROOT)) for path in sources() if len(path.read_text().splitlines()) > 400] == []


def test_no_folder_holds_more_than_fourteen_modules():
    folders: dict[Path, int] = {}
    for path in sources():
        folders[path.parent] = folders.get(path.parent, 0) + 1
    assert {str(folder.relative_to(ROOT)): count for folder, count in folders.items() if count > 14} == {}
