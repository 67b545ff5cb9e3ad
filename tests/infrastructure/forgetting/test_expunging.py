"""What was overwritten in an index leaves the disk."""

from threading import Event
from time import monotonic

from infrastructure.forgetting.expunging import KEPT, expunge
from infrastructure.readstores import opensearch
from projections.listings.index import index
from tests import scan

SETTINGS = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "merge.policy.expunge_deletes_allowed": 10,  # the node's own: few deletes are left where they are
}


def test_overwritten_documents_leave_the_segments(opensearch_url: str, index_prefix: str):
    name = f"{index_prefix}{index.name}-v{index.version}"
    with opensearch.connect(opensearch_url) as client:
        client.indices.create(index=name, body={"settings": {"index": SETTINGS}})
        for number in range(40):
            client.index(index=name, id=str(number), body={"said": "Ana Sousa" if number == 1 else "nothing"})
        client.indices.forcemerge(index=name, max_num_segments=1)
        client.index(index=name, id="1", body={"said": "erased"}, params={"refresh": "true"})
        assert scan.overwritten(client, index_prefix) == 1
        until = monotonic() + KEPT.total_seconds()
        while scan.overwritten(client, index_prefix) and monotonic() < until:
            expunge(client, [index], index_prefix)
            Event().wait(1)
        assert scan.overwritten(client, index_prefix) == 0
        assert [text for _, text in scan.opensearch(client, index_prefix) if "Ana" in text] == []
