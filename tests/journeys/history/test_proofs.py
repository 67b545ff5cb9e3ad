"""An auditor takes proofs away and checks them where there is no Tradewind: with one file and the public keys."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable

from tests.journeys.history.verifier import Verifier
from tests.journeys.town import Person, Town


def drafted(seller: Person, title: str) -> int:
    """The position of the event."""
    return seller.post("/v1/listings", {"category": "boats", "title": title}, 201)["position"]


def test_that_an_event_was_sealed_is_checked_offline(town: Town, auditor: Person, seal: Callable[[], None], verifier: Verifier):
    position = drafted(town.registered("ana@example.org"), "Sloop")
    seal()
    proof = auditor.get(f"/v1/audit/proofs/inclusion?position={position}")
    verifier.keep("keys.json", auditor.get("/v1/audit/keys"))
    verifier.keep("proof.json", proof)
    status, said = verifier("event", "proof.json", "--keys", "keys.json")
    assert (status, "Holds: event" in said) == (0, True)
    [read] = [each for each in auditor.get("/v1/audit/events?type=listings.ListingDrafted")["items"] if each["position"] == position]
    shown = json.loads(said[: said.rindex("}") + 1])
    assert shown == read

    forged = b64decode(proof["leaf"]).replace(b"Sloop", b"Sloup")
    verifier.keep("proof.json", proof | {"leaf": b64encode(forged).decode()})
    assert verifier("event", "proof.json", "--keys", "keys.json") == (
        1,
        f"Does not hold: the event at position {position} is not in the tree of size {proof['head']['size']} as it stands here\n",
    )
    verifier.keep("proof.json", proof | {"head": proof["head"] | {"size": proof["head"]["size"] + 1}})
    assert "signature of the tree head" in verifier("event", "proof.json", "--keys", "keys.json")[1]
    verifier.keep("proof.json", {})
    assert verifier("event", "proof.json", "--keys", "keys.json")[0] == 2


def test_that_history_only_grew_since_a_head_was_kept_is_checked_offline(
    town: Town, auditor: Person, seal: Callable[[], None], verifier: Verifier
):
    ana = town.registered("ana@example.org")
    seal()
    kept = auditor.get("/v1/audit/tree-head")
    drafted(ana, "Sloop")
    seal()
    drafted(ana, "Yawl")
    seal()
    newest = auditor.get("/v1/audit/tree-head")
    proof = auditor.get(f"/v1/audit/proofs/consistency?from={kept['size']}&to={newest['size']}")
    assert (proof["before"], proof["after"]) == (kept, newest)
    verifier.keep("keys.json", auditor.get("/v1/audit/keys"))
    verifier.keep("kept.json", kept)
    verifier.keep("proof.json", proof)
    status, said = verifier("growth", "proof.json", "--keys", "keys.json", "--head", "kept.json")
    assert (status, said) == (0, f"Holds: the first {kept['size']} of {newest['size']} events are as they were when they were sealed\n")
    verifier.keep("proof.json", proof | {"path": proof["path"][:-1]})
    assert verifier("growth", "proof.json", "--keys", "keys.json")[0] == 1
    verifier.keep("kept.json", newest)
    verifier.keep("proof.json", proof)
    assert (
        "does not begin at the tree head that was kept" in verifier("growth", "proof.json", "--keys", "keys.json", "--head", "kept.json")[1]
    )


def test_tree_heads_are_read_in_pages_and_follow_one_another(town: Town, auditor: Person, seal: Callable[[], None], verifier: Verifier):
    ana = town.registered("ana@example.org")
    for title in ("Sloop", "Yawl", "Ketch"):
        drafted(ana, title)
        seal()
    first = auditor.get("/v1/audit/tree-heads?limit=2")
    second = auditor.get(f"/v1/audit/tree-heads?after={first['next']}")
    heads = first["items"] + second["items"]
    assert (len(heads), second["next"], heads[-1]) == (3, None, auditor.get("/v1/audit/tree-head"))
    assert auditor.get(f"/v1/audit/tree-head?size={heads[0]['size']}") == heads[0]
    verifier.keep("keys.json", auditor.get("/v1/audit/keys"))
    verifier.keep("heads.json", heads)
    assert verifier("heads", "heads.json", "--keys", "keys.json") == (0, "Holds: 3 tree heads follow one another\n")
    verifier.keep("heads.json", [heads[0], heads[2]])
    assert "does not follow" in verifier("heads", "heads.json", "--keys", "keys.json")[1]


def test_what_is_not_there_or_not_sealed_is_refused_by_its_code(town: Town, auditor: Person, seal: Callable[[], None]):
    assert auditor.get("/v1/audit/tree-head", 404) == ("size_unknown", None)
    position = drafted(town.registered("ana@example.org"), "Sloop")
    assert auditor.get(f"/v1/audit/proofs/inclusion?position={position}", 409) == ("position_not_sealed", None)
    seal()
    size = auditor.get("/v1/audit/tree-head")["size"]
    assert auditor.get(f"/v1/audit/proofs/inclusion?position={position + 100}", 404) == ("position_unknown", None)
    assert auditor.get("/v1/audit/proofs/inclusion?position=0", 404) == ("position_unknown", None)
    assert auditor.get(f"/v1/audit/proofs/inclusion?position={position}&size={size + 1}", 404) == ("size_unknown", None)
    assert auditor.get("/v1/audit/tree-head?size=1", 404) == ("size_unknown", None)
    assert auditor.get(f"/v1/audit/proofs/consistency?from={size}&to={size + 1}", 404) == ("size_unknown", None)
    seal()
    later = drafted(town.sign_in("ana@example.org"), "Yawl")
    seal()
    newer = auditor.get("/v1/audit/tree-head")["size"]
    assert auditor.get(f"/v1/audit/proofs/consistency?from={newer}&to={size}", 404) == ("size_unknown", None)
    assert auditor.get(f"/v1/audit/proofs/inclusion?position={later}&size={size}", 409) == ("position_not_sealed", None)
    assert auditor.get("/v1/audit/proofs/inclusion?position=-1", 400)[0] == "invalid_parameter"


def test_proofs_taken_are_recorded_like_every_read_of_history(town: Town, auditor: Person, seal: Callable[[], None]):
    position = drafted(town.registered("ana@example.org"), "Sloop")
    seal()
    auditor.get(f"/v1/audit/proofs/inclusion?position={position}")
    auditor.get("/v1/audit/proofs/inclusion?position=999999", 404)
    reads = town.admin().get(f"/v1/audit/reads?reader={auditor.id}")["items"]
    assert [(each["parameters"], each["found"]) for each in reads][:2] == [({"position": "999999"}, 0), ({"position": str(position)}, 1)]
