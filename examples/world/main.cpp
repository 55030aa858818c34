// SPDX-License-Identifier: Apache-2.0
// Stores the countries of the world and their subdivisions, in one scope, and answers questions about them.
// usage: world [OVERRIDE...], such as iso_codes=/my/folder
#include <algorithm>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "iso_codes.hpp"
#include "progress_bar.hpp"
#include "world.hpp"

namespace {

using core_lib::sql::Session;

// [quote import]
void store(core_lib::SqlConnectionRegistry& db, const std::vector<Country>& countries,
           const std::vector<Subdivision>& subdivisions) {
  constexpr std::size_t step = 512;
  ProgressBar progress("storing", countries.size() + subdivisions.size());
  db.with([&](Session& session) {  // all of it, or nothing
    session.add_all(countries);
    progress.advance(countries.size());
    for (std::size_t at = 0; at < subdivisions.size(); at += step) {
      const auto part = std::span(subdivisions).subspan(at, std::min(step, subdivisions.size() - at));
      session.add_all(part);
      progress.advance(part.size());
    }
  });
}
// [/quote]

void import(core_lib::SqlConnectionRegistry& db, const std::string& folder) {
  db.create_db<Country, Subdivision>();
  if (db.with([](Session& session) { return session.query<Country>().exists(); })) {
    std::puts("the countries are in the database already");
    return;
  }
  const std::vector<Country> countries = read_countries(folder);
  const std::vector<Subdivision> subdivisions = read_subdivisions(folder);
  store(db, countries, subdivisions);
  std::printf("stored %zu countries and %zu subdivisions in one transaction\n", countries.size(), subdivisions.size());
}

void answer(core_lib::SqlConnectionRegistry& db) {
  db.with({.access = core_lib::read_only}, [](Session& session) {
    // [quote most]
    const auto most = session.query<Subdivision>()
                          .join<Country>(subdivisions::country_code == countries::code)
                          .group_by(countries::name)
                          .order_by(desc(core_lib::sql::count()), countries::name)
                          .limit(5)
                          .select(countries::name, core_lib::sql::count())
                          .all();
    std::puts("\nwhich countries have the most subdivisions?");
    for (const auto& [name, number] : most) {
      std::printf("  %5lld  %s\n", static_cast<long long>(number), name.c_str());
    }
    // [/quote]

    std::puts("\nwhich kinds of subdivision are the most common?");
    for (const auto& [kind, number] : session.query<Subdivision>()
                                          .group_by(subdivisions::kind)
                                          .order_by(desc(core_lib::sql::count()), subdivisions::kind)
                                          .limit(5)
                                          .select(subdivisions::kind, core_lib::sql::count())
                                          .all()) {
      std::printf("  %5lld  %s\n", static_cast<long long>(number), kind.c_str());
    }

    // [quote left_join]
    const auto whole = session.query<Country>()
                           .left_join<Subdivision>(subdivisions::country_code == countries::code)
                           .filter(core_lib::sql::nullable(subdivisions::code) == std::nullopt)
                           .count();
    // [/quote]
    std::printf("\nhow many countries have no subdivision? %lld\n", static_cast<long long>(whole));

    const auto nested = session.query<Subdivision>().filter(subdivisions::parent.is_not_null()).count();
    std::printf("how many subdivisions lie within another one? %lld\n", static_cast<long long>(nested));

    std::puts("\nwhich countries have 'Island' in their name?");
    // [quote stream]
    for (const Country& country :
         session.query<Country>().filter(countries::name.contains("Island")).order_by(countries::name).stream()) {
      std::printf("  %s  %s\n", country.code.c_str(), country.name.c_str());
    }
    // [/quote]

    if (const auto switzerland = session.query<Country>().get("CH")) {
      std::printf("\nwhat is CH? %s, officially %s\n", switzerland->name.c_str(),
                  switzerland->official_name.value_or(switzerland->name).c_str());
    }
  });
}

// [quote run]
void run(std::vector<std::string> overrides) {
  const auto config = core_lib::compose({.search_path = {WORLD_CONFIG}, .overrides = std::move(overrides)});
  const auto db = core_lib::instantiate_config<core_lib::SqlConnectionRegistry>(config.at("db"));
  import(*db, config.at("iso_codes").as<std::string>());
  answer(*db);
}
// [/quote]

}  // namespace

int main(int argc, char** argv) {
  try {
    run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "world: %s\n", error.what());
    return 1;
  }
}
