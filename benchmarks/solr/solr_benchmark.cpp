// SPDX-License-Identifier: Apache-2.0
// core_lib on a real Solr beside raw libcurl, pysolr and SolrJ: the same documents, the same server, one after the
// other. Starts a Solr of its own. The peers run where their packages are: Python's pysolr, and java.
#include <chrono>
#include <cstdlib>
#include <vector>

#include <curl/curl.h>
#include <time.h>

#include "core_lib/solr/bulk_update.hpp"
#include "core_lib/solr/json_writer.hpp"
#include "core_lib/solr/stream.hpp"

#include "solr/json/scalar_json.hpp"
#include "solr/json/tree.hpp"
#include "support/counted_malloc.hpp"
#include "support/memory.hpp"
#include "support/processors.hpp"
#include "support/report.hpp"
#include "support/service.hpp"

namespace {

namespace solr = core_lib::solr;
using benchmarks::report;

constexpr std::size_t documents = 100'000;
constexpr std::size_t batch = 1'000;
constexpr int rounds = 3;

struct Item {
  std::string id;
  std::string title;
  std::string name_s;
  std::int32_t popularity{};
  double price{};
};

std::vector<Item> make_items() {
  std::vector<Item> items;
  for (std::size_t i = 0; i < documents; ++i) {
    const std::string number = std::to_string(i);
    items.push_back({number, "title of document " + number + " about word" + std::to_string(i % 1000),
                     "name-" + std::to_string(i % 5000), static_cast<std::int32_t>(i % 100),
                     static_cast<double>(i) / 8});
  }
  return items;
}

/// libcurl as its manual shows it, with one kept connection.
class RawCurl {
 public:
  explicit RawCurl(std::string url) : url_(std::move(url)) {
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &RawCurl::append);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle_, CURLOPT_BUFFERSIZE, 256L << 10);
    curl_easy_setopt(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    headers_ = curl_slist_append(curl_slist_append(nullptr, "Content-Type: application/json"), "Expect:");
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers_);
  }
  RawCurl(const RawCurl&) = delete;
  RawCurl& operator=(const RawCurl&) = delete;
  ~RawCurl() {
    curl_slist_free_all(headers_);
    curl_easy_cleanup(handle_);
  }

  const std::string& get(const std::string& path) {
    curl_easy_setopt(handle_, CURLOPT_HTTPGET, 1L);
    return perform(path);
  }
  const std::string& post(const std::string& path, const std::string& body) {
    curl_easy_setopt(handle_, CURLOPT_POST, 1L);
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, body.data());
    return perform(path);
  }

 private:
  static std::size_t append(char* data, std::size_t, std::size_t size, void* self) {
    static_cast<RawCurl*>(self)->body_.append(data, size);
    return size;
  }
  const std::string& perform(const std::string& path) {
    body_.clear();
    curl_easy_setopt(handle_, CURLOPT_URL, (url_ + path).c_str());
    if (curl_easy_perform(handle_) != CURLE_OK || !body_.starts_with('{')) std::abort();
    return body_;
  }

  std::string url_;
  CURL* handle_ = curl_easy_init();
  curl_slist* headers_ = nullptr;
  std::string body_;
};

struct Cost {
  double wall = 1e300;   ///< Seconds, of the best round.
  double cpu = 1e300;    ///< Microseconds of this process, of the best round.
  double allocated = 0;  ///< Allocations of the last round.
};

double cpu_of_process() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// Runs the subjects in turn, round by round, at first three times for the server to warm up: the peers, which come
/// after, find it so too. A round in slices has them take turns more often, so that a slow moment of the machine meets
/// all.
/// @param units  of a round, all slices together
template <class... Run>
void compare(const std::string& name, std::size_t units, const std::string& unit, int slices,
             const std::vector<std::string>& subjects, Run&&... runs) {
  std::vector<Cost> best(subjects.size());
  for (int round = -2; round <= rounds; ++round) {
    std::vector<Cost> costs(subjects.size(), Cost{0, 0, 0});
    for (int slice = 0; slice < slices; ++slice) {
      std::size_t subject = 0;
      const auto measure = [&](auto& run) {
        const std::size_t before = allocations;
        const double cpu = cpu_of_process();
        const auto start = std::chrono::steady_clock::now();
        run();
        Cost& cost = costs[subject++];
        cost.wall += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        cost.cpu += cpu_of_process() - cpu;
        cost.allocated += static_cast<double>(allocations - before);
      };
      (measure(runs), ...);
    }
    for (std::size_t i = 0; round > 0 && i < best.size(); ++i) {
      best[i] = {std::min(best[i].wall, costs[i].wall), std::min(best[i].cpu, costs[i].cpu), costs[i].allocated};
    }
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const auto count = static_cast<double>(units);
    report(name, subjects[i], unit + " a second", count / best[i].wall, "1/s");
    report(name, subjects[i], "client CPU per " + unit, best[i].cpu / count, "us");
    report(name, subjects[i], "allocations per " + unit, best[i].allocated / count, "each");
  }
}

void add(const solr::Client& client, const std::vector<Item>& items) {
  for (std::size_t at = 0; at < items.size(); at += batch) client.add(std::span(items).subspan(at, batch));
  client.commit();
}

void index(RawCurl& raw, const solr::Client& client, const std::vector<Item>& items) {
  std::vector<std::string> bodies;
  for (std::size_t at = 0; at < items.size(); at += batch) {
    std::string& body = bodies.emplace_back();
    const solr::detail::EntityWriter writer(core_lib::mapping::fields_of<Item>());
    solr::JsonWriter json(body);
    json.begin_array();
    for (std::size_t i = at; i < at + batch; ++i) writer.write(json, &items[i]);
    json.end_array();
  }
  compare(
      "index 100,000 documents, 1,000 a request", documents, "document", 1,
      {"raw libcurl, bodies made before", "core_lib, structs"},
      [&] {
        for (const std::string& body : bodies) raw.post("/update?wt=json", body);
        raw.post("/update?wt=json", R"({"commit":{}})");
      },
      [&] { add(client, items); });
}

/// A second request under way is of use where the server has a processor for it.
void index_by_threads(const solr::Client& client, const std::vector<Item>& items) {
  compare(
      "index 100,000 documents, 1,000 a request, on all processors", documents, "document", 1,
      {"core_lib, structs", "core_lib, BulkUpdate, 2 threads"}, [&] { add(client, items); },
      [&] {
        solr::BulkUpdate bulk(client, {.update = {.commit = true}});
        for (const Item& item : items) bulk.add(item);
        if (bulk.finish().stored != documents) std::abort();
      });
}

/// Each subject is elsewhere among the numbers, so that none finds in Solr's caches what another one asked for.
class Numbers {
 public:
  explicit Numbers(std::size_t subject) : next_(subject * count / 3) {}
  std::size_t operator()() { return next_++ % count; }

 private:
  static constexpr std::size_t count = 2'400;
  std::size_t next_;
};

void query(RawCurl& raw, const solr::Client& client) {
  constexpr std::size_t queries = 2'000;
  constexpr int slices = 10;
  const auto times = [](auto&& one, std::size_t subject) {
    return [one, number = Numbers(subject)]() mutable {
      for (std::size_t i = 0; i < queries / slices; ++i) one(number());
    };
  };
  compare("query by id", queries, "query", slices, {"raw libcurl, answer not read", "core_lib, struct"},
          times([&](std::size_t i) { raw.get("/select?wt=json&indent=off&q=id:" + std::to_string(i * 37)); }, 0),
          times(
              [&](std::size_t i) {
                const auto found = client.search(solr::Query(solr::term("id", i * 37))).as<Item>();
                if (found.size() != 1) std::abort();
              },
              1));
  compare("get by id", queries, "query", slices, {"raw libcurl, answer not read", "core_lib, struct"},
          times([&](std::size_t i) { raw.get("/get?wt=json&indent=off&id=" + std::to_string(i * 37)); }, 0),
          times(
              [&](std::size_t i) {
                if (!client.get<Item>(std::to_string(i * 37))) std::abort();
              },
              1));
  solr::ClientOptions options = client.options();
  options.binary_answers = false;
  const solr::Client json(client.transport(), options);
  const auto ten_rows = [](const solr::Client& from) {
    return [&from](std::size_t i) {
      const auto found = from.search(solr::Query("title:word" + std::to_string(i % 1000))).as<Item>();
      if (found.size() != 10) std::abort();
    };
  };
  compare(
      "query with 10 rows", queries, "query", slices,
      {"raw libcurl, answer not read", "core_lib, structs", "core_lib, structs, JSON"},
      times([&](std::size_t i) { raw.get("/select?wt=json&indent=off&q=title:word" + std::to_string(i % 1000)); }, 0),
      times(ten_rows(client), 1), times(ten_rows(json), 2));
}

void read_by_raw_cursor(RawCurl& raw) {
  constexpr std::string_view before = "\"nextCursorMark\":\"";
  for (std::string mark = "*", next;; mark = next) {
    char* const escaped = curl_easy_escape(nullptr, mark.c_str(), 0);
    const std::string& page = raw.get(
        "/select?wt=json&indent=off&q=*:*&fl=id,title,name_s,popularity,price&rows=1000&sort=id%20asc&cursorMark=" +
        std::string(escaped));
    curl_free(escaped);
    const std::size_t at = page.rfind(before) + before.size();
    next = page.substr(at, page.find('"', at) - at);
    if (next == mark) return;
  }
}

void read_all(RawCurl& raw, const solr::Client& client) {
  const auto by_cursor = [](const solr::Client& from) {
    std::size_t seen = 0;
    for (const Item& item : solr::EntityStream<Item>(from, solr::Query())) seen += item.id.empty() ? 0 : 1;
    if (seen != documents) std::abort();
  };
  solr::ClientOptions options = client.options();
  options.binary_answers = false;
  const solr::Client other(client.transport(), options);
  const std::string cursor = "read 100,000 documents by a cursor, 1,000 a page";
  compare(
      cursor, documents, "row", 1, {"raw libcurl, only the mark read", "core_lib, structs", "core_lib, structs, JSON"},
      [&] { read_by_raw_cursor(raw); }, [&] { by_cursor(client); }, [&] { by_cursor(other); });
  report(cursor, "core_lib, structs", "peak memory above idle", benchmarks::peak_above_idle([&] { by_cursor(client); }),
         "MiB");
  const auto by_export = [&] {
    std::size_t seen = 0;
    solr::export_entities<Item>(client, solr::Query().sort("id").fields({"id", "name_s", "popularity", "price"}),
                                [&](const Item& item) { seen += item.id.empty() ? 0 : 1; });
    if (seen != documents) std::abort();
  };
  const std::string exported = "export 100,000 rows of 4 fields";
  compare(
      exported, documents, "row", 1, {"raw libcurl, answer not read", "core_lib, structs"},
      [&] { raw.get("/export?wt=json&indent=off&q=*:*&sort=id%20asc&fl=id,name_s,popularity,price"); }, by_export);
  report(exported, "core_lib, structs", "peak memory above idle", benchmarks::peak_above_idle(by_export), "MiB");
}

void json(const std::vector<Item>& items) {
  std::string body;
  const solr::detail::EntityWriter writer(core_lib::mapping::fields_of<Item>());
  double best_write = 0;
  double best_read = 0;
  double best_structs = 0;
  for (int round = 0; round < 10; ++round) {
    body.clear();
    double start = benchmarks::cpu_microseconds();
    solr::JsonWriter json(body);
    json.begin_array();
    for (const Item& item : items) writer.write(json, &item);
    json.end_array();
    best_write =
        std::max(best_write, static_cast<double>(body.size()) / (benchmarks::cpu_microseconds() - start) / 1e3);
    std::string copy = body;
    copy.reserve(copy.size() + solr::detail::json_padding);
    start = benchmarks::cpu_microseconds();
    const auto tree = solr::detail::Tree::parse_json(std::move(copy), "a benchmark");
    best_read = std::max(best_read, static_cast<double>(body.size()) / (benchmarks::cpu_microseconds() - start) / 1e3);
    std::size_t hint = 0;
    Item item;
    for (const solr::Value one : solr::Value(tree->root()))
      one.decode(core_lib::mapping::fields_of<Item>(), &item, hint);
    best_structs =
        std::max(best_structs, static_cast<double>(body.size()) / (benchmarks::cpu_microseconds() - start) / 1e3);
  }
  report("JSON of 100,000 structs", "core_lib", "writing", best_write, "GB/s");
  report("JSON of 100,000 structs", "core_lib", "reading into a tree", best_read, "GB/s");
  report("JSON of 100,000 structs", "core_lib", "reading into a tree, and structs from it", best_structs, "GB/s");
}

/// A Solr that lives as long as this program.
class BenchmarkSolr : public core_lib::support::OwnService {
 public:
  BenchmarkSolr() : OwnService("solr", "single", "") {}
};

}  // namespace

int main() {
  const std::vector<Item> items = make_items();
  {
    const BenchmarkSolr server;
    index_by_threads(solr::Client({.urls = {server["url"]}}), items);
  }
  benchmarks::pin_to_one_processor();
  json(items);
  const BenchmarkSolr server;
  RawCurl raw(server["url"]);
  const solr::Client client({.urls = {server["url"]}});
  index(raw, client, items);
  query(raw, client);
  read_all(raw, client);
  // The peers print lines of their own, or nothing where they are not there.
  return std::system((CORE_LIB_SOLR_PEERS "/run " + server["url"]).c_str()) == 0 ? 0 : 1;
}
