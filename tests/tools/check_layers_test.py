# SPDX-License-Identifier: Apache-2.0
"""tools/check_layers passes this repository and names the file and line of a planted wrong include."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "check_layers"

# (file, its one include, part of the expected message; None: allowed)
CASES = [
    ("include/core_lib/error/x.hpp", "<string>", None),
    ("include/core_lib/error/x.hpp", '"core_lib/config/config.hpp"', "error may not include config"),
    ("include/core_lib/observability/x.hpp", '"core_lib/error/error.hpp"', None),
    ("include/core_lib/pool/x.hpp", '"core_lib/config/config.hpp"', "pool may not include config"),
    ("include/core_lib/pool/x.hpp", "<sys/socket.h>", "only std and core_lib"),
    ("include/core_lib/connection/x.hpp", '"core_lib/pool/pool.hpp"', None),
    ("include/core_lib/connection/x.hpp", '"core_lib/net/socket.hpp"', "connection may not include net"),
    ("include/core_lib/sql/x.hpp", '"core_lib/sql/driver/driver.hpp"', None),
    ("include/core_lib/sql/x.hpp", '"core_lib/neo4j/driver.hpp"', "sql may not include neo4j"),
    ("include/core_lib/sql/x.hpp", '"dialect.hpp"', "by its full path"),
    ("include/core_lib/sql/x.hpp", "<fmt/format.h>", "only std and core_lib"),
    ("include/core_lib/sql/x.hpp", "<sqlite3.h>", "only std and core_lib"),
    ("include/core_lib/service/x.hpp", '"core_lib/sql/crud.hpp"', None),
    ("include/core_lib/service/x.hpp", '"core_lib/sql/session.hpp"', "service may not include sql"),
    ("include/core_lib/core_lib.hpp", '"core_lib/neo4j/driver.hpp"', None),
    ("include/core_lib/helpers/x.hpp", "<string>", "helpers/ is no layer"),
    ("src/sql/x.cpp", "<fmt/format.h>", None),
    ("src/sql/x.hpp", "<fmt/format.h>", "belongs into source files"),
    ("src/sql/x.cpp", "<sqlite3.h>", "only home is src/sql/sqlite/"),
    ("src/sql/sqlite/x.cpp", "<sqlite3.h>", None),
    ("src/sql/sqlite/x.cpp", '"sql/sqlite/statement.hpp"', None),
    ("src/sql/x.cpp", '"sql/sqlite/statement.hpp"', "private to its engine"),
    ("src/pool/x.cpp", "<unistd.h>", None),
    ("src/pool/x.cpp", "<zlib.h>", "without a home"),
    ("src/config/x.cpp", "<yaml.h>", None),
    ("src/mapping/x.cpp", "<yaml.h>", "only home is src/config/"),
    ("src/neo4j/x.cpp", '"net/socket.hpp"', None),
    ("src/solr/x.cpp", '"net/socket.hpp"', "solr may not include net"),
    ("src/observability/x.cpp", "<prometheus/exposer.h>", "this header's only home is src/prometheus/"),
    ("src/composition/x.cpp", '"sql/sqlite/statement.hpp"', None),
]


def run(root):
    return subprocess.run([sys.executable, TOOL, root], capture_output=True, text=True, check=False)


class CheckLayers(unittest.TestCase):
    def test_this_repository_keeps_its_layers(self):
        result = run(TOOL.parent.parent)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_each_planted_include_is_judged(self):
        for place, include, expected in CASES:
            with self.subTest(place=place, include=include), tempfile.TemporaryDirectory() as root:
                file = pathlib.Path(root, place)
                file.parent.mkdir(parents=True)
                file.write_text(f"// first line\n#include {include}\n", encoding="utf-8")
                result = run(root)
                if expected is None:
                    self.assertEqual((result.returncode, result.stderr), (0, ""))
                    continue
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertIn(expected, result.stderr)
                line = 1 if "no layer" in expected else 2
                self.assertTrue(result.stderr.startswith(f"{place}:{line}: "), result.stderr)

    def test_a_folder_without_sources_is_an_error_rather_than_a_pass(self):
        with tempfile.TemporaryDirectory() as root:
            self.assertEqual(run(root).returncode, 2)


if __name__ == "__main__":
    unittest.main()
