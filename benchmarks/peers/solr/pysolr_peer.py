# SPDX-License-Identifier: Apache-2.0
"""pysolr at the work of benchmarks/solr: the same documents, batches and queries."""
import json
import sys
import time

import pysolr

DOCUMENTS, BATCH, QUERIES, ROUNDS = 100_000, 1_000, 500, 2
URL = sys.argv[1]


def measure(name, units, unit, run):
    wall, cpu = [], []
    for _ in range(ROUNDS):
        started, used = time.monotonic(), time.process_time()
        run()
        wall.append(time.monotonic() - started)
        cpu.append(time.process_time() - used)
    for metric, value, of in ((f"{unit} a second", units / min(wall), "1/s"),
                              (f"client CPU per {unit}", min(cpu) * 1e6 / units, "us")):
        print(json.dumps({"benchmark": name, "subject": "pysolr", "metric": metric, "value": value, "unit": of}), flush=True)


def main():
    solr = pysolr.Solr(URL)
    items = [{"id": str(i), "title": f"title of document {i} about word{i % 1000}", "name_s": f"name-{i % 5000}",
              "popularity": i % 100, "price": i / 8} for i in range(DOCUMENTS)]

    def index():
        for at in range(0, DOCUMENTS, BATCH):
            solr.add(items[at:at + BATCH], commit=False)
        solr.commit()

    def cursor():
        assert sum(1 for _ in solr.search("*:*", sort="id asc", rows=1000, cursorMark="*",
                                      fl="id,title,name_s,popularity,price")) == DOCUMENTS

    def export():
        assert len(solr.search("*:*", search_handler="export", sort="id asc", fl="id,name_s,popularity,price")) == DOCUMENTS

    measure("index 100,000 documents, 1,000 a request", DOCUMENTS, "document", index)
    measure("query by id", QUERIES, "query", lambda: [solr.search(f"id:{i * 37}") for i in range(QUERIES)])
    measure("query with 10 rows", QUERIES, "query", lambda: [solr.search(f"title:word{i % 1000}") for i in range(QUERIES)])
    measure("read 100,000 documents by a cursor, 1,000 a page", DOCUMENTS, "row", cursor)
    measure("export 100,000 rows of 4 fields", DOCUMENTS, "row", export)


main()
