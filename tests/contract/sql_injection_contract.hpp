// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "contract/sql_contract.hpp"

/// Hostile text in every place that takes text: it is never run, and comes back as it was or is refused with one clear
/// error that does not repeat it. A driver instantiates it with the context of SqlContract.
namespace core_lib::contract {

struct Victim {
  std::int64_t id{};
  std::string text;
  std::optional<std::string> note;
  std::optional<std::vector<std::byte>> bytes;
};
/// Its names would end any quotes.
struct Hostile {
  std::int64_t id{};
  std::string text;
  std::string marks;
};
struct HostileChild {
  std::string name;
  std::int64_t parent{};
};

}  // namespace core_lib::contract

template <>
struct core_lib::Entity<core_lib::contract::Victim>
    : core_lib::entity<"injection_victims", core_lib::key<&core_lib::contract::Victim::id>> {};
template <>
struct core_lib::Entity<core_lib::contract::Hostile>
    : core_lib::entity<
          "x\"; DROP TABLE injection_victims; --", core_lib::key<&core_lib::contract::Hostile::id>,
          core_lib::named<&core_lib::contract::Hostile::id, "id`; DROP TABLE injection_victims; #">,
          core_lib::named<&core_lib::contract::Hostile::text, "\\'\"`); DELETE FROM injection_victims; /*">,
          core_lib::named<&core_lib::contract::Hostile::marks, "? $1 :n @v %s {0} [x] */ -- \xE2\x80\x99">,
          core_lib::unique<&core_lib::contract::Hostile::text>, core_lib::index<&core_lib::contract::Hostile::marks>> {
};
template <>
struct core_lib::Entity<core_lib::contract::HostileChild>
    : core_lib::entity<
          "o'reilly`s \\\"table\\", core_lib::key<&core_lib::contract::HostileChild::name>,
          core_lib::named<&core_lib::contract::HostileChild::name, "select">,
          core_lib::named<&core_lib::contract::HostileChild::parent, "parent ''\"\"``">,
          core_lib::references<&core_lib::contract::HostileChild::parent, &core_lib::contract::Hostile::id>> {};

namespace core_lib::contract {
namespace victims {
inline constexpr auto id = col<&Victim::id>;
inline constexpr auto text = col<&Victim::text>;
inline constexpr auto note = col<&Victim::note>;
}  // namespace victims
namespace hostiles {
inline constexpr auto id = col<&Hostile::id>;
inline constexpr auto text = col<&Hostile::text>;
inline constexpr auto marks = col<&Hostile::marks>;
}  // namespace hostiles

/// Text that every engine stores.
inline std::vector<std::string> hostile_texts() {
  std::vector<std::string> texts{
      "",
      "'",
      "\\",
      "'; DROP TABLE injection_victims; --",
      "\"; DROP TABLE injection_victims; --",
      "`; DROP TABLE injection_victims; #",
      "\\'; DROP TABLE injection_victims; -- \\",
      "1; DELETE FROM injection_victims; COMMIT;",
      "' OR '1'='1",
      "' UNION SELECT * FROM injection_victims /*",
      "/* */ */ /*! DROP TABLE injection_victims */ -- #",
      "$$; DROP TABLE injection_victims; $$ $tag$",
      "? ?? $1 $2 :name @p1 @@version",
      "%s %n %x %d %% {} {0} ${env:PATH} ${jndi:x}",
      "E'\\x27' U&'\\0027' X'27' 0x27 _utf8mb4'x' \\u0027 &#39; %27",
      "\xE2\x80\x98 \xE2\x80\x99 \xCA\xBC \xEF\xBC\x87 \xE2\x80\x9C \xEF\xBD\x80 \xE7\xB8\x97'",
      "\xE2\x80\x8B\xE2\x80\xAE\xEF\xBB\xBF\xF0\x9F\x98\x88\xF4\x8F\xBF\xBF",
      "\r\n\t\b\x1A\x1B[31m\x7F",
      " NULL true 0 -1 ",
  };
  texts.push_back(std::string(100'000, '\''));
  std::string mixed;
  while (mixed.size() < 1'000'000) mixed += "\\'\"`;-- /* */";
  texts.push_back(std::move(mixed));
  return texts;
}

/// Text that no engine has to store.
inline std::vector<std::string> broken_texts() {
  using namespace std::string_literals;
  return {"mine\0'; DROP TABLE injection_victims; --"s,
          "\0"s,
          "mine\xFF\xFE'; DROP TABLE injection_victims; --"s,
          "mine\xC0\xA7; DROP TABLE injection_victims; --"s,  // an overlong quote
          "mine\xBF'; DROP TABLE injection_victims; --"s,     // takes the quote with it in GBK
          "mine\xED\xA0\x80"s,                                // half of a surrogate pair
          "mine\xF0\x9F"s};
}

template <class Context>
class SqlInjectionContract : public testing::Test {
 protected:
  void SetUp() override {
    db = context.open();
    db->template create_db<Victim, Hostile, HostileChild>();
    db->with([](sql::Session& session) { session.add(Victim{1, "the first", {}, {}}); });
  }
  void TearDown() override {
    EXPECT_EQ(db->with([](sql::Session& session) { return session.query<Victim>().get_one(1).text; }), "the first");
  }

  /// Calls the body in a scope for each text, which stores nothing.
  template <class Body>
  void with_each(const std::vector<std::string>& texts, Body body) {
    for (const std::string& text : texts) {
      SCOPED_TRACE(text.substr(0, 60));
      db->with([&](sql::Session& session) {
        body(session, text);
        EXPECT_EQ(session.query<Victim>().filter(victims::id == 1).one().text, "the first");
        session.rollback();
      });
    }
  }

  Context context;
  std::unique_ptr<SqlConnectionRegistry> db;
};

TYPED_TEST_SUITE_P(SqlInjectionContract);

TYPED_TEST_P(SqlInjectionContract, ValuesOfEntitiesComeBackAsTheyWere) {
  this->with_each(hostile_texts(), [](sql::Session& session, const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    session.add(Victim{2, text, text, std::vector<std::byte>(bytes.begin(), bytes.end())});
    session.add_all(std::vector<Victim>{{3, text, {}, {}}, {4, text, text, {}}});
    session.upsert(Victim{4, "replaced", text, {}});
    const auto victim = session.query<Victim>().get_one(2);
    EXPECT_EQ(victim.text, text);
    EXPECT_EQ(victim.note, text);
    EXPECT_EQ(victim.bytes->size(), text.size());
    EXPECT_EQ(session.query<Victim>().get_one(3).text, text);
    EXPECT_EQ(session.query<Victim>().get_one(4).note, text);
    EXPECT_EQ(session.query<Victim>().filter(victims::id == 1).update(victims::note = text), 1U);
    session.save(Victim{3, text + "'", text + "\\", {}});
    EXPECT_EQ(session.query<Victim>().get_one(3).text, text + "'");
  });
}

TYPED_TEST_P(SqlInjectionContract, ConditionsFindTheTextAndNothingElse) {
  this->with_each(hostile_texts(), [](sql::Session& session, const std::string& text) {
    session.add(Victim{2, text, {}, {}});
    const auto found = [&](auto condition) {
      return session.query<Victim>().filter(std::move(condition)).order_by(victims::id).select(victims::id).all();
    };
    EXPECT_THAT(found(victims::text == text), ElementsAre(2));
    EXPECT_THAT(found(victims::text != text), ElementsAre(1));
    EXPECT_THAT(found(victims::text.in({std::string("no such"), text})), ElementsAre(2));
    EXPECT_THAT(found(victims::text.not_in({text})), ElementsAre(1));
    EXPECT_THAT(found(victims::text.between(text, text)), ElementsAre(2));
    if (text.empty()) return;
    if (text.size() < 10'000) {  // SQLite takes no longer pattern
      EXPECT_THAT(found(victims::text.contains(text)), ElementsAre(2));
      EXPECT_THAT(found(victims::text.starts_with(text)), ElementsAre(2));
      EXPECT_THAT(found(victims::text.ends_with(text)), ElementsAre(2));
    }
    EXPECT_EQ(session.query<Victim>().filter(victims::text == text).remove(), 1U);
  });
}

TYPED_TEST_P(SqlInjectionContract, ValuesOfStatementsAreBound) {
  this->with_each(hostile_texts(), [](sql::Session& session, const std::string& text) {
    EXPECT_EQ(session.execute("INSERT INTO injection_victims (id, text) VALUES (?, ?)", 2, text).rows_matched(), 1U);
    const auto rows = session.execute("SELECT text FROM injection_victims WHERE text = ?", text);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].template get<std::string>("text"), text);
    const auto results = session.execute(sql::Batch()
                                             .add("UPDATE injection_victims SET note = ? WHERE id = ?", text, 2)
                                             .add("SELECT note FROM injection_victims WHERE id = ?", 2));
    EXPECT_EQ(results.at(1).template scalar<std::string>(), text);
  });
  for (const std::string& text : hostile_texts()) {
    EXPECT_EQ(this->db->execute("UPDATE injection_victims SET note = ? WHERE id = ?", text, 1).rows_matched(), 1U);
    EXPECT_EQ(this->db->with([](sql::Session& session) { return session.query<Victim>().get_one(1).note; }), text);
  }
}

TYPED_TEST_P(SqlInjectionContract, BrokenTextComesBackOrIsRefusedOnceAndNotRepeated) {
  for (const std::string& text : broken_texts()) {
    for (const bool raw : {false, true}) {
      try {
        this->db->with([&](sql::Session& session) {
          if (raw) {
            (void)session.execute("INSERT INTO injection_victims (id, text) VALUES (2, ?)", text);
          } else {
            session.add(Victim{2, text, {}, {}});
          }
          EXPECT_EQ(session.query<Victim>().filter(victims::text == text).one().text, text);
          session.rollback();
        });
      } catch (const ConversionError& error) {
        EXPECT_EQ(std::string(error.what()).find("mine"), std::string::npos) << error.what();
      }
    }
  }
}

TYPED_TEST_P(SqlInjectionContract, NamesOfTablesAndColumnsAreQuoted) {
  this->db->with([](sql::Session& session) {
    Hostile first{0, "a", "m"};
    session.add(first);
    session.add_all(std::vector<Hostile>{{0, "b", "m"}, {0, "c", "n"}});
    session.upsert<&Hostile::text>(Hostile{0, "c", "o"});
    session.add(HostileChild{"child", first.id});
    EXPECT_THAT(session.query<Hostile>()
                    .filter(hostiles::marks.in({"m", "o"}), hostiles::id >= first.id)
                    .order_by(desc(hostiles::text), asc(hostiles::id))
                    .limit(2)
                    .select(hostiles::text)
                    .all(),
                ElementsAre("c", "b"));
    EXPECT_EQ(session.query<HostileChild>()
                  .template join<Hostile>(col<&HostileChild::parent> == hostiles::id)
                  .filter(hostiles::text == "a")
                  .count(),
              1);
    EXPECT_EQ(session.query<Hostile>().filter(hostiles::text == "b").update(hostiles::marks = "p"), 1U);
    EXPECT_TRUE(session.query<Hostile>().filter(hostiles::marks == "p").exists());
    session.save(Hostile{first.id, "a", "q"});
    EXPECT_EQ(session.query<Hostile>().get_one(first.id).marks, "q");
    for (const Hostile& row : session.query<Hostile>().stream()) EXPECT_FALSE(row.text.empty());
    EXPECT_THROW(session.savepoint([&] { session.add(Hostile{0, "a", ""}); }), UniqueViolation);
    EXPECT_EQ(session.query<HostileChild>().filter(col<&HostileChild::parent> == first.id).remove(), 1U);
    EXPECT_EQ(session.query<Hostile>().filter(hostiles::id == first.id).remove(), 1U);
  });
  this->db->template create_db<Hostile, HostileChild>();
}

TYPED_TEST_P(SqlInjectionContract, NamesOfResultColumnsAreLookedUpAndNotRun) {
  const sql::Result row = this->db->execute("SELECT text FROM injection_victims WHERE id = 1");
  for (const std::string& name : hostile_texts()) {
    EXPECT_THROW((void)row[0].template get<std::string>(name), UsageError);
  }
}

TYPED_TEST_P(SqlInjectionContract, AStatementBehindAnotherIsRefusedHoweverItIsHidden) {
  using namespace std::string_literals;
  for (const std::string& sql :
       {"SELECT 1; DROP TABLE injection_victims"s, "SELECT ';' ; DROP TABLE injection_victims"s,
        "SELECT 1 /* ; */; DELETE FROM injection_victims -- ;"s, "SELECT 1\0; DROP TABLE injection_victims"s,
        "SELECT 1;\0DROP TABLE injection_victims"s, "\0DROP TABLE injection_victims"s}) {
    SCOPED_TRACE(sql);
    try {
      this->db->with([&](sql::Session& session) { (void)session.execute(sql); });
      ADD_FAILURE() << "it was run";
    } catch (const UsageError&) {
    } catch (const SyntaxError&) {
    }
    EXPECT_THROW(this->db->execute(sql), Error);
  }
}

REGISTER_TYPED_TEST_SUITE_P(SqlInjectionContract, ValuesOfEntitiesComeBackAsTheyWere,
                            ConditionsFindTheTextAndNothingElse, ValuesOfStatementsAreBound,
                            BrokenTextComesBackOrIsRefusedOnceAndNotRepeated, NamesOfTablesAndColumnsAreQuoted,
                            NamesOfResultColumnsAreLookedUpAndNotRun,
                            AStatementBehindAnotherIsRefusedHoweverItIsHidden);

}  // namespace core_lib::contract
