"""The tree is that of RFC 6962: the vectors of Certificate Transparency, every size up to 64, and large ones."""

# ruff: noqa: S311 - the same trials every time

import random
from hashlib import sha256

import pytest

from claims.ledger.merkle import EMPTY_ROOT, Frontier, Node, Tree, leaf_hash, node_hash
from claims.ledger.verifier import Checkpoint, Refused
from tests.ledger.logs import naive_root, reader

# The reference tree of Certificate Transparency's own tests.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
REFERENCE = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
LEAVES = [leaf_hash(str(number).encode()) for number in range(64)]
READ = reader(LEAVES)
SOME_HASH = sha256(b"some").digest()
# Roots of trees whose leaf i is the two bytes of i, the lesser first; from the tests of transparency-dev's `compact`.
GOLDEN = {10: "56358c3d260db42b8236517f44b9d0cba1dcc1293a0888a97f19be85eb6d03ee"}


def at(size: int, root: bytes) -> Checkpoint:
    return Checkpoint(1, size, root, f"The checkpoint of {size}")


def includes(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> bool:
    try:
        at(size, root).check_inclusion(index, leaf, proof)
    except Refused:
        return False
    return True


def extends(old: Checkpoint, new: Checkpoint, proof: list[bytes]) -> bool:
    try:
        new.check_extends(old, proof)
    except Refused:
        return False
    return True


def forged(proof: list[bytes]) -> list[list[bytes]]:
    """Every hash flipped in one bit, left out, doubled; every two neighbours swapped; something before and after."""
    places = range(len(proof))
    flips = [[*proof[:at], bytes([proof[at][0] ^ 8]) + proof[at][1:], *proof[at + 1 :]] for at in places]
    shorter = [[*proof[:at], *proof[at + 1 :]] for at in places]
    longer = [[*proof[:at], proof[at], *proof[at:]] for at in places]
    swapped = [[*proof[:at], proof[at + 1], proof[at], *proof[at + 2 :]] for at in places[:-1]]
    return [*flips, *shorter, *longer, *swapped, [SOME_HASH, *proof], [*proof, SOME_HASH]]


def test_the_reference_tree() -> None:
    tree = reader(REFERENCE)
    assert Tree(tree, 0).root() == EMPTY_ROOT == Frontier().root()
    assert [Tree(tree, size).root().hex() for size in range(1, 9)] == ROOTS
    for (index, size), proof in INCLUSION.items():
        assert [node.hex() for node in Tree(tree, size).inclusion_proof(index)] == proof
    for (old, new), proof in CONSISTENCY.items():
        assert [node.hex() for node in Tree(tree, new).consistency_proof(old)] == proof
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    for size, root in GOLDEN.items():
        leaves = [leaf_hash(number.to_bytes(2, "little")) for number in range(size)]
        assert Tree(reader(leaves), size).root().hex() == root


def test_inclusion_in_every_tree_up_to_64() -> None:
    for size in range(1, 65):
        tree, root = Tree(READ, size), naive_root(LEAVES[:size])
        assert tree.root() == root
        for index in range(size):
            proof, leaf = tree.inclusion_proof(index), LEAVES[index]
            assert includes(index, size, leaf, proof, root)
            assert not any(includes(index, size, leaf, wrong, root) for wrong in forged(proof))
            others = {index - 1, index + 1, index ^ 2, size, -1} - {index}
            assert not any(includes(other, size, leaf, proof, root) for other in others)
            assert not includes(index, size, SOME_HASH, proof, root)
            assert not includes(index, size, leaf, proof, SOME_HASH)


def test_consistency_of_every_two_trees_up_to_64() -> None:
    checkpoints = [at(size, naive_root(LEAVES[:size])) for size in range(65)]
    for new in checkpoints:
        tree = Tree(READ, new.size)
        for old in checkpoints[: new.size + 1]:
            proof = tree.consistency_proof(old.size)
            assert extends(old, new, proof)
            assert not any(extends(old, new, wrong) for wrong in forged(proof) if proof or old.size)
            assert not extends(old._replace(root=SOME_HASH), new, proof)
            assert old.size == 0 or not extends(old, new._replace(root=SOME_HASH), proof)
            assert old.size == new.size or not extends(new, old, proof)
            assert not extends(old._replace(number=2), new, proof)
            if 0 < old.size < new.size:
                assert not extends(checkpoints[old.size - 1], new, proof)
                assert not extends(checkpoints[old.size + 1], new, proof)


def test_a_proof_does_not_lead_to_the_root_of_another_size() -> None:
    for size in range(2, 65):
        for index in range(size):
            proof = Tree(READ, size).inclusion_proof(index)
            for other in {size - 1, size + 1, size * 2} & set(range(index + 1, 65)):
                assert not includes(index, other, LEAVES[index], proof, naive_root(LEAVES[:other]))


def test_the_end_of_a_tree_grows_in_pieces_of_any_size() -> None:
    choose = random.Random(6962)
    leaves = [sha256(str(number).encode()).digest() for number in range(66_000)]
    frontier, nodes = Frontier(), list[Node]()
    while frontier.size < len(leaves):
        nodes += frontier.extend(leaves[frontier.size : frontier.size + choose.choice((1, 7, 255, 256, 5_000))])
    assert frontier.root() == naive_root(leaves)
    assert [(node.level, node.index) for node in nodes if node.level > 1] == [(2, 0)]
    assert [node.index for node in nodes if node.level == 1] == list(range(257))
    assert all(node.hash == naive_root(leaves[node.index * 256 : (node.index + 1) * 256]) for node in nodes[:256])
    stored = {(node.level, node.index): node.hash for node in nodes}
    reads = list[tuple[int, int, int]]()

    def read(level: int, first: int, stop: int) -> list[bytes]:
        reads.append((level, first, stop))
        return leaves[first:stop] if level == 0 else [stored[level, index] for index in range(first, stop)]

    for size in (1, 255, 256, 257, 65_535, 65_536, 65_537, 66_000):
        tree, root = Tree(read, size), naive_root(leaves[:size])
        assert tree.root() == root
        for index in {0, size // 2, size - 1}:
            assert includes(index, size, leaves[index], tree.inclusion_proof(index), root)
        old = choose.randint(1, size)
        assert extends(at(old, naive_root(leaves[:old])), at(size, root), tree.consistency_proof(old))
        again = Frontier(read, size)
        again.extend(leaves[size:])
        assert again.root() == naive_root(leaves)
    reads.clear()
    Tree(read, 66_000).inclusion_proof(12_345)
    assert len(reads) <= 6
    assert max(stop - first for _level, first, stop in reads) <= 256


def test_what_is_not_there_cannot_be_proven() -> None:
    with pytest.raises(IndexError, match="no leaf 8 in a tree of 8"):
        Tree(READ, 8).inclusion_proof(8)
    with pytest.raises(ValueError, match="does not extend one of 9"):
        Tree(READ, 8).consistency_proof(9)
    with pytest.raises(LookupError, match="it has 64 of 65 hashes of level 0 from 0 on"):
        Tree(lambda _level, first, stop: LEAVES[first:stop], 65).root()
    with pytest.raises(ValueError, match="has to be read"):
        Frontier(size=3)
    with pytest.raises(ValueError, match="cannot have -1"):
        Tree(READ, -1)
