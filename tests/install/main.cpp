// SPDX-License-Identifier: Apache-2.0
// What each way to consume core_lib builds and runs: a database made from configuration, written and read.
#include <cstdio>

#include <core_lib/core_lib.hpp>

struct Note {
  std::int64_t id{};
  std::string text;
};
template <>
struct core_lib::Entity<Note> : core_lib::entity<"notes", core_lib::key<&Note::id>> {};

int main() {
  const auto config = core_lib::Config::parse("{url: {protocol: sqlite}}");
  const auto db = core_lib::instantiate_config<core_lib::SqlConnectionRegistry>(config);
  db->create_db<Note>();
  const Note note = db->with([](core_lib::sql::Session& session) { return session.add(Note{0, "consumed"}); });
  const auto found = db->with([&](core_lib::sql::Session& session) { return session.query<Note>().get(note.id); });
  std::puts(found ? found->text.c_str() : "the note is not there");
  return found && found->text == "consumed" ? 0 : 1;
}
