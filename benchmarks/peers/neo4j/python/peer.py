# SPDX-License-Identifier: Apache-2.0
"""The official Python driver at the work of benchmarks/neo4j: see driver_process.hpp there."""
import sys

import neo4j

ROWS = "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, [id, id + 1, id + 2] AS marks"
STRUCTS = "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, id * 1.5 AS score"
ONE = "RETURN $number AS number"
LEAST_SUM = 1_000_000 * 500_000


class Row:
    __slots__ = ("id", "name", "score")

    def __init__(self, id, name, score):
        self.id, self.name, self.score = id, name, score


def rows(driver):
    with driver.session() as session:
        total = 0
        for number, name, marks in session.run(ROWS):
            total += number + len(name) + sum(marks)
        assert total >= LEAST_SUM


def structs(driver):
    with driver.session() as session:
        total = 0
        for record in session.run(STRUCTS):
            row = Row(*record)
            total += row.id + len(row.name) + int(row.score)
        assert total >= LEAST_SUM


def query(driver):
    with driver.session() as session:
        assert session.run(ONE, number=7).single()[0] == 7


def execute_read(driver):
    with driver.session() as session:
        assert session.execute_read(lambda tx: tx.run(ONE, number=7).single()[0]) == 7


def main():
    with neo4j.GraphDatabase.driver(f"bolt://127.0.0.1:{sys.argv[1]}", auth=("neo4j", sys.argv[2])) as driver:
        works = {"rows": rows, "structs": structs, "query": query, "execute_read": execute_read}
        print("Python neo4j", neo4j.__version__, flush=True)
        for line in sys.stdin:
            work, times = line.split()
            for _ in range(int(times)):
                works[work](driver)
            print("done", flush=True)


main()
