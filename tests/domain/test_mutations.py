"""The list of mutations stays true to the source; `python -m tests.domain.mutation` tries them."""

import pytest

from tests.domain.mutation import MUTATIONS, ROOT
from tests.domain.mutations import Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.rule)
def test_every_mutation_applies_once(mutation: Mutation) -> None:
    source = (ROOT / mutation.file).read_text()
    assert source.count(mutation.old) == 1
    assert mutation.new != mutation.old
