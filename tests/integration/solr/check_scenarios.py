# SPDX-License-Identifier: Apache-2.0
"""Checks that docs/reference/solr-scenarios.md has its 81 rows, and that each test it names exists."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
TABLE = ROOT / "docs" / "reference" / "solr-scenarios.md"
TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", re.MULTILINE)
REASONS = ("- (not offered)", "- (comes with SolrCloud)")


def problems(rows, tests):
    if [row[0] for row in rows] != [str(number) for number in range(1, 82)]:
        yield "the rows are not numbered from 1 to 81"
    for number, scenario, _, named in rows:
        suite = ""
        for name in [] if named in REASONS else named.split(", "):
            suite, _, test = name.rpartition(".") if "." in name else (suite, "", name)
            if (suite, test) not in tests:
                yield f"row {number}, {scenario}: there is no test {suite}.{test}"


def main():
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line)]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    tests = set()
    for path in (ROOT / "tests").rglob("*_test.cpp"):
        tests.update(TEST.findall(path.read_text(encoding="utf-8")))
    found = list(problems(rows, tests))
    sys.exit("\n".join(found) if found else 0)


main()
