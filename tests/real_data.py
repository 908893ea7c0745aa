"""Real data that lies beside the project, too large or not ours to keep in it."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared"


def real_data(name: str) -> Path:
    """The file or folder of that name, relative to the folder `shared` beside the checkout.

    Skips the calling test where that folder is absent. Raises FileNotFoundError where only the name is.
    """
    if not FOLDER.is_dir():
        pytest.skip("The folder of real data, `shared` beside the project, is not there.")
    path = FOLDER / name
    if not path.exists():
        raise FileNotFoundError(f"{name} is not in the folder of real data beside the project.")
    return path
