"""The tree is the one of RFC 6962, whatever way it grew, and its proofs check by the RFC's own rules."""

from hashlib import sha256

import pytest

from infrastructure.seals.merkle import Frontier, Range, consistency_path, inclusion_path, leaf, node
from interfaces.verifier import verify

INPUTS = [
    bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The test vectors of certificate-transparency's own reference implementation."""
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

MANY = [leaf(str(number).encode()) for number in range(5000)]


def plainly(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return node(plainly(leaves[:left]), plainly(leaves[left:]))


def hashed(path: list[Range], leaves: list[bytes]) -> list[bytes]:
    return [plainly(leaves[low:high]) for low, high in path]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_known_vectors_come_out(size: int):
    frontier = Frontier()
    frontier.extend([leaf(each) for each in INPUTS[:size]])
    assert frontier.root().hex() == ROOTS[size - 1]


def test_no_leaves_have_a_hash_too():
    assert Frontier().root() == sha256(b"").digest()


@pytest.mark.parametrize("steps", [[5000], [1024, 1024, 2048, 904], [1, 2, 3, 1018, 1024, 7, 2945], [1023, 1, 3976], [1] * 40])
def test_a_tree_is_the_same_whatever_steps_it_grew_in(steps: list[int]):
    frontier = Frontier()
    for step in steps:
        frontier.extend(MANY[frontier.size : frontier.size + step])
    assert frontier.root() == plainly(MANY[: sum(steps)])


def test_whoever_completes_a_tile_is_told_of_all_subtrees_that_end_there():
    frontier = Frontier()
    assert frontier.extend(MANY[:1000]) == []
    assert frontier.extend(MANY[1000:1024]) == [plainly(MANY[:1024])]
    assert frontier.extend(MANY[1024:2048]) == [plainly(MANY[1024:2048]), plainly(MANY[:2048])]
    assert frontier.extend(MANY[2048:3072]) == [plainly(MANY[2048:3072])]
    assert frontier.extend(MANY[3072:4096]) == [plainly(MANY[3072:4096]), plainly(MANY[2048:4096]), plainly(MANY[:4096])]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 100])
def test_every_leaf_of_a_tree_is_proved_to_be_in_it_and_nowhere_else(size: int):
    leaves = MANY[:size]
    root = plainly(leaves)
    for index, each in enumerate(leaves):
        path = hashed(inclusion_path(index, size), leaves)
        assert verify.included(each, index, size, path, root)
        assert not verify.included(MANY[-1], index, size, path, root)
        assert not verify.included(each, index, size, [*path, each], root)
        assert not verify.included(each, size, size, path, root)
        if size > 1:
            assert not verify.included(each, index ^ 1, size, path, root)
            assert not verify.included(each, index, size, path[:-1], root)


@pytest.mark.parametrize("after", [1, 2, 3, 7, 8, 13, 64, 70])
def test_every_tree_is_proved_to_go_on_from_every_smaller_one(after: int):
    root = plainly(MANY[:after])
    for before in range(1, after + 1):
        old = plainly(MANY[:before])
        path = hashed(consistency_path(before, after), MANY[:after])
        assert verify.consistent(before, after, old, root, path)
        assert not verify.consistent(before, after, MANY[-1], root, path)
        assert not verify.consistent(before, after, old, MANY[-1], path)
        assert not verify.consistent(before, after, old, root, [*path, old])
        if before < after:
            assert not verify.consistent(before, after, old, root, path[:-1])
