# SPDX-License-Identifier: Apache-2.0
"""tools/check_quotes passes this repository, names each block that is not quoted, and repairs those that went stale."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "check_quotes"
SOURCE = """// SPDX-License-Identifier: Apache-2.0
int main() {
  // [quote outer]
  int a = 1;
  // [quote inner]
  if (a) {
    a = 2;
  }
  // [/quote]
  // [/quote]
}
"""
YAML = "# SPDX-License-Identifier: Apache-2.0\na: 1\n# [quote part]\nb: 2\n# [/quote]\n"


def block(comment, language, *lines):
    return "\n".join([*([f"<!-- quote: {comment} -->"] if comment else []), f"```{language}", *lines, "```", ""])


class CheckQuotes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "docs").mkdir()
        self.document = self.root / "docs" / "page.md"
        (self.root / "main.cpp").write_text(SOURCE, encoding="utf-8")
        (self.root / "app.yaml").write_text(YAML, encoding="utf-8")

    def run_tool(self, text=None, *options):
        if text is not None:
            self.document.write_text(text, encoding="utf-8")
        return subprocess.run([sys.executable, TOOL, *options, self.root], capture_output=True, text=True, check=False)

    def assert_passes(self, text):
        result = self.run_tool(text)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def assert_fails(self, text, expected):
        result = self.run_tool(text)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(expected, result.stderr)

    def test_this_repository_quotes_what_it_shows(self):
        result = subprocess.run([sys.executable, TOOL], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_regions_and_whole_files_are_compared_without_common_indentation(self):
        self.assert_passes(block("main.cpp inner", "cpp", "if (a) {", "  a = 2;", "}"))
        self.assert_passes(block("main.cpp outer", "cpp", "int a = 1;", "if (a) {", "  a = 2;", "}"))
        self.assert_passes(block("app.yaml", "yaml", "a: 1", "b: 2"))
        self.assert_passes(block("app.yaml part", "yaml", "b: 2"))

    def test_block_in_a_list_keeps_its_indentation(self):
        text = "1. First:\n\n" + "".join(f"   {line}\n" for line in block("app.yaml part", "yaml", "b: 2").splitlines())
        self.assert_passes(text)
        self.run_tool(text.replace("b: 2", "b: 3"), "--fix")
        self.assertEqual(self.document.read_text(encoding="utf-8"), text)

    def test_code_without_a_source_is_named_by_its_line(self):
        self.assert_fails("# Title\n\n" + block("", "cpp", "int a;"), "docs/page.md:3: no <!-- quote")
        self.assert_fails(block("", "yaml", "a: 1"), "docs/page.md:1: no <!-- quote")
        self.assert_fails(block("", "", "int a;"), "docs/page.md:1: this block does not name its language")

    def test_comment_counts_only_for_the_block_right_below_it(self):
        self.assert_fails("<!-- quote: app.yaml part -->\nText.\n\n" + block("", "yaml", "b: 2"), "docs/page.md:4: no")

    def test_shell_needs_no_source(self):
        self.assert_passes(block("", "sh", "tools/test"))

    def test_stale_block_fails_and_fix_repairs_it(self):
        stale = block("main.cpp inner", "cpp", "if (b) {", "}")
        self.assert_fails(stale, "docs/page.md:2: this block differs from its source, main.cpp inner")
        self.assertEqual(self.run_tool(None, "--fix").returncode, 0)
        self.assertEqual(self.document.read_text(encoding="utf-8"),
                         block("main.cpp inner", "cpp", "if (a) {", "  a = 2;", "}"))
        self.assertEqual(self.run_tool().returncode, 0)

    def test_wrong_source_is_explained(self):
        self.assert_fails(block("none.cpp x", "cpp"), "there is no file none.cpp")
        self.assert_fails(block("../x.cpp", "cpp"), "there is no file ../x.cpp")
        self.assert_fails(block("main.cpp nope", "cpp"), "main.cpp has no region nope (it has: inner, outer)")
        (self.root / "open.cpp").write_text("// [quote a]\n", encoding="utf-8")
        self.assert_fails(block("open.cpp a", "cpp"), "open.cpp: the region a is not closed")
        self.assert_fails("```cpp\nint a;\n", "docs/page.md:1: this fenced block is not closed")


if __name__ == "__main__":
    unittest.main()
