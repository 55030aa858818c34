// SPDX-License-Identifier: Apache-2.0
// Lets people search the countries of the world and their subdivisions, in several languages.
// usage: world_search URL_OF_A_SOLR_CORE [FOLDER_OF_ISO_CODES [FOLDER_OF_LOCALES]]
#include <cstdio>

#include <core_lib/solr/bulk_update.hpp>
#include <core_lib/solr/client.hpp>
#include <core_lib/solr/solr_connection_registry.hpp>

#include "iso_codes.hpp"
#include "translations.hpp"

namespace {

namespace solr = core_lib::solr;

// [quote document]
struct Place {
  std::string id;
  std::string kind_s;
  std::string country_s;
  std::string title;
  std::optional<std::string> german_t{};
  std::optional<std::string> french_t{};
  std::optional<std::string> japanese_t{};
};
// [/quote]

/// Translates the names of one list of iso-codes.
class Translator {
 public:
  Translator(const std::string& locales, const std::string& domain)
      : german_(locales, "de", domain), french_(locales, "fr", domain), japanese_(locales, "ja", domain) {}

  void translate(Place& place) const {
    place.german_t = german_.find(place.title);
    place.french_t = french_.find(place.title);
    place.japanese_t = japanese_.find(place.title);
  }

 private:
  Translations german_;
  Translations french_;
  Translations japanese_;
};

std::vector<Place> read_places(const std::string& folder, const std::string& locales) {
  std::vector<Place> places;
  const Translator countries(locales, "iso_3166-1");
  for (const Country& country : read_countries(folder)) {
    places.push_back({country.code, "Country", country.code, country.name});
    countries.translate(places.back());
  }
  const Translator subdivisions(locales, "iso_3166-2");
  for (const Subdivision& subdivision : read_subdivisions(folder)) {
    places.push_back({subdivision.code, subdivision.kind, subdivision.country_code, subdivision.name});
    subdivisions.translate(places.back());
  }
  return places;
}

// [quote index]
void index(const solr::Client& client, const std::vector<Place>& places) {
  solr::BulkUpdate bulk(client, {.update = {.commit = true}});
  for (const Place& place : places) bulk.add(place);
  const solr::BulkReport report = bulk.finish();
  for (const solr::Outcome& failure : report.failures) {
    std::fprintf(stderr, "%s: %s\n", places[failure.number].id.c_str(), failure.reason.c_str());
  }
  std::printf("indexed %llu places\n", static_cast<unsigned long long>(report.stored));
}
// [/quote]

// [quote suggester]
/// Gives the core a suggester of whole titles, by Solr's Config API, unless it has one.
void add_suggester(const solr::Client& client) {
  const solr::Reply components = client.send({.path = "config/searchComponent"});
  if (components["config"]["searchComponent"]["places"].exists()) return;
  const char* const commands = R"({
    "add-searchcomponent": {
      "name": "places",
      "class": "solr.SuggestComponent",
      "suggester": {"name": "places", "field": "title", "dictionaryImpl": "DocumentDictionaryFactory",
                    "lookupImpl": "FuzzyLookupFactory", "suggestAnalyzerFieldType": "text_general",
                    "buildOnStartup": "false"}},
    "add-requesthandler": {"name": "/places", "class": "solr.SearchHandler", "components": ["places"]}})";
  (void)client.send(
      {.path = "config", .body = commands, .content_type = "application/json", .effect = solr::Effect::write});
}
// [/quote]

// [quote search]
solr::Results search(const solr::Client& client, std::string_view text) {  // whatever a person types
  return client.search(solr::Query(solr::words({"title^2", "german_t", "french_t", "japanese_t"}, text))
                           .fields_of<Place>()
                           .sort("score", solr::Order::descending)
                           .sort("id")
                           .rows(5)
                           .facet_field("kind_s", {.limit = 3})
                           .highlight({"title", "german_t", "french_t", "japanese_t"}, {.before = "[", .after = "]"}));
}
// [/quote]

void answer(const solr::Client& client, std::string_view text) {
  // [quote results]
  const solr::Results results = search(client, text);
  std::printf("\n'%.*s' finds %lld:\n", static_cast<int>(text.size()), text.data(),
              static_cast<long long>(results.found()));
  for (const Place& place : results.as<Place>()) {
    std::printf("  %-7s %s (%s)", place.id.c_str(), place.title.c_str(), place.kind_s.c_str());
    for (const char* field : {"german_t", "french_t", "japanese_t"}) {
      for (const std::string_view part : results.highlights(place.id, field)) {
        std::printf("  %.*s", static_cast<int>(part.size()), part.data());
      }
    }
    std::puts("");
  }
  for (const solr::FacetCount& kind : results.facet_field("kind_s")) {
    std::printf("  %5lld x %.*s\n", static_cast<long long>(kind.count), static_cast<int>(kind.value.size()),
                kind.value.data());
  }
  // [/quote]
}

void run(const std::string& url, const std::string& folder, const std::string& locales) {
  core_lib::SolrConnectionRegistry search_engine(solr::ClientOptions{.urls = {url}});
  search_engine.with([&](const solr::Client& client) {
    index(client, read_places(folder, locales));
    for (const char* text : {"switzerland", "Allemagne", "スイス", "new -york", "title:* OR {!lucene}*:*"}) {
      answer(client, text);
    }
    add_suggester(client);
    std::puts("\nwhat may 'swizer' become?");
    // [quote suggest]
    for (const std::string& title : client.suggest("places", "swizer", 5, true, "places")) {
      std::printf("  %s\n", title.c_str());
    }
    // [/quote]
  });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 2) throw core_lib::UsageError("name the address of a core, such as http://localhost:8983/solr/core0");
    run(argv[1], argc > 2 ? argv[2] : "/usr/share/iso-codes/json", argc > 3 ? argv[3] : "/usr/share/locale");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "world_search: %s\n", error.what());
    return 1;
  }
}
