"""Falsifies the rules one at a time and sees that a test turns red: `python -m tests.domain.mutation [WORD ...]`.

With words, only mutations whose name or file contains one of them. Each runs the domain's tests on a copy of the
application in a temporary folder; the checkout is never touched. Exit 1 if any survives or no longer applies.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from time import monotonic

from tests.domain.mutations import Mutation, answers, claims

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("claims/domain", "claims/text", "tests/domain")
MUTATIONS: tuple[Mutation, ...] = answers.MUTATIONS + claims.MUTATIONS
SECONDS = 300
SETTINGS = "[pytest]\naddopts = --import-mode=importlib\nfilterwarnings = error\n"
# The same examples every time, and no limit on how long one takes: only the mutation may turn a test red.
PROFILE = """import hypothesis
hypothesis.settings.register_profile("mutation", derandomize=True, deadline=None)
hypothesis.settings.load_profile("mutation")
"""
# The reference first: it is what most mutants fall to.
TESTS = ("tests/domain/test_against_reference.py", "tests/domain")


def copy_application(folder: Path) -> None:
    """Copy the domain with its tests, and nothing that knows Django."""
    for name in COPIED:
        copytree(ROOT / name, folder / name, ignore=ignore_patterns("__pycache__", "test_mutations.py"))
    for package in ("claims/__init__.py", "tests/real_data.py"):
        (folder / package).write_bytes((ROOT / package).read_bytes())
    (folder / "pytest.ini").write_text(SETTINGS)
    (folder / "conftest.py").write_text(PROFILE)


def failure(folder: Path) -> str:
    """What the domain's tests in the folder say when one fails or never ends; nothing when all pass."""
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:django", "-p", "no:cacheprovider", *TESTS]
    try:
        run = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"Not done in {SECONDS} seconds."
    said = run.stdout.decode() + run.stderr.decode()
    # A mutant that cannot even be imported falsifies no rule.
    if run.returncode not in {0, 1}:
        raise SystemExit(said)
    return said if run.returncode else ""


def outcome(folder: Path, mutation: Mutation) -> str:
    """What became of the mutation: red as it should be, survived, or it no longer applies."""
    file = folder / mutation.file
    source = file.read_text()
    if source.count(mutation.old) != 1:
        return f"is in the file {source.count(mutation.old)} times, not once; mend the list"
    file.write_text(source.replace(mutation.old, mutation.new))
    red = failure(folder)
    file.write_text(source)
    return "red" if red else "SURVIVED"


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(words: Sequence[str]) -> int:
    """Try the chosen mutations and say what became of each."""
    chosen = [each for each in MUTATIONS if not words or any(w in each.rule + each.file for w in words)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        copy_application(folder)
        if red := failure(folder):
            raise SystemExit(f"{red}\nThe domain's tests are red without any mutation.")
        bad = 0
        for mutation in chosen:
            started = monotonic()
            result = outcome(folder, mutation)
            bad += result != "red"
            say(f"{result:10} {monotonic() - started:5.1f} s  {mutation.file}: {mutation.rule}")
    say(f"{len(chosen)} mutations, {bad} not red")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
