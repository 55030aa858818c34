// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "support/caught.hpp"
#include "support/shop.hpp"

namespace core_lib::shop {
namespace {

using support::caught;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Each bad statement runs in a scope that has stored a row before it, which must not stay.
class SqliteBadInputTest : public ShopTest {
 protected:
  SqliteBadInputTest() {
    db.with([](sql::Session& session) {
      session.add(Customer{1, "Ada", "Ulm", true});
      (void)session.execute("CREATE TABLE checked (id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n > 0)) STRICT");
    });
  }
  ~SqliteBadInputTest() override {
    EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Counter>().count(); }), 0);
    EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Customer>().count(); }), 1);
    EXPECT_EQ(db.pool_statistics()->active, 0U);
  }

  template <class Exception, class Body>
  Exception refused(Body body) {
    return caught<Exception>([&] {
      db.with([&](sql::Session& session) {
        session.add(Counter{});
        body(session);
      });
      return 0;
    });
  }
  template <class Exception, class... Arguments>
  Exception refused_sql(const std::string& sql, const Arguments&... arguments) {
    return refused<Exception>([&](sql::Session& session) { (void)session.execute(sql, arguments...); });
  }
};

TEST_F(SqliteBadInputTest, BadSyntax) {
  const auto error = refused_sql<SyntaxError>("SELEKT ?", "secret");
  EXPECT_EQ(error.status_code(), 500);
  EXPECT_EQ(error.native_code(), "SQLITE_ERROR (1)");
  EXPECT_THAT(error.what(), AllOf(HasSubstr("cannot prepare a statement on sqlite in memory"),
                                  HasSubstr("syntax error"), HasSubstr("SELEKT"), Not(HasSubstr("secret"))));
}

TEST_F(SqliteBadInputTest, UnknownTable) {
  EXPECT_THAT(refused_sql<SyntaxError>("SELECT * FROM custmers").what(), HasSubstr("no such table: custmers"));
  db.with([](sql::Session& session) { (void)session.execute("DROP TABLE lines"); });
  EXPECT_THAT(refused<SyntaxError>([](sql::Session& session) { (void)session.query<Line>().all(); }).what(),
              HasSubstr("no such table: lines"));
}

TEST_F(SqliteBadInputTest, UnknownColumn) {
  EXPECT_THAT(refused_sql<SyntaxError>("SELECT nam FROM customers").what(), HasSubstr("no such column: nam"));
}

// SQLite would take a quoted name that it does not know for a text, and answer wrongly instead of not at all.
TEST_F(SqliteBadInputTest, UnknownColumnInQuotes) {
  EXPECT_THAT(refused_sql<SyntaxError>("SELECT \"nam\" FROM customers").what(), HasSubstr("no such column: nam"));
  db.with([](sql::Session& session) { (void)session.execute("ALTER TABLE customers RENAME COLUMN city TO town"); });
  EXPECT_THAT(refused<SyntaxError>([](sql::Session& session) {
                session.query<Customer>().filter(customers::city == "city").remove();
              }).what(),
              HasSubstr("no such column: city"));
}

TEST_F(SqliteBadInputTest, ValueOfAWrongTypeForAStrictColumn) {
  const auto error = refused_sql<ConstraintViolation>("INSERT INTO checked VALUES (1, ?)", "secret");
  EXPECT_EQ(error.status_code(), 422);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("INTEGER column checked.n"), Not(HasSubstr("secret"))));
}

TEST_F(SqliteBadInputTest, TextForAnIntegerKey) {
  const auto error = refused_sql<ConversionError>("INSERT INTO customers VALUES (?, 'x', NULL, 1)", "secret");
  EXPECT_EQ(error.native_code(), "SQLITE_MISMATCH (20)");
  EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
}

TEST_F(SqliteBadInputTest, DuplicateKey) {
  const auto error =
      refused<UniqueViolation>([](sql::Session& session) { session.add(Customer{1, "secret", {}, true}); });
  EXPECT_EQ(error.status_code(), 409);
  EXPECT_FALSE(error.is_retryable());
  EXPECT_EQ(error.native_code(), "SQLITE_CONSTRAINT_PRIMARYKEY (1555)");
  EXPECT_THAT(error.what(), AllOf(HasSubstr("customers.id"), Not(HasSubstr("secret"))));
}

TEST_F(SqliteBadInputTest, DuplicateOfAUniqueField) {
  const auto error =
      refused<UniqueViolation>([](sql::Session& session) { session.add(Customer{0, "Ada", "secret", true}); });
  EXPECT_EQ(error.status_code(), 409);
  EXPECT_EQ(error.native_code(), "SQLITE_CONSTRAINT_UNIQUE (2067)");
  EXPECT_THAT(error.what(), AllOf(HasSubstr("customers.name"), Not(HasSubstr("Ada")), Not(HasSubstr("secret"))));
}

TEST_F(SqliteBadInputTest, ForeignKey) {
  const auto error = refused<ConstraintViolation>([](sql::Session& session) { session.add(Order{0, 4711, 1, {}}); });
  EXPECT_EQ(error.status_code(), 422);
  EXPECT_EQ(error.native_code(), "SQLITE_CONSTRAINT_FOREIGNKEY (787)");
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr("FOREIGN KEY"), HasSubstr("that writes \"orders\" on"), Not(HasSubstr("4711"))));
}

TEST_F(SqliteBadInputTest, RemovingWhatOthersReferTo) {
  db.with([](sql::Session& session) { session.add(Order{1, 1, 1, {}}); });
  EXPECT_THAT(refused<ConstraintViolation>([](sql::Session& session) {
                session.query<Customer>().filter(customers::id == 1).remove();
              }).what(),
              AllOf(HasSubstr("FOREIGN KEY"), HasSubstr("that writes \"customers\" on")));
}

TEST_F(SqliteBadInputTest, Check) {
  const auto error = refused_sql<ConstraintViolation>("INSERT INTO checked VALUES (1, ?)", -4711);
  EXPECT_EQ(error.native_code(), "SQLITE_CONSTRAINT_CHECK (275)");
  EXPECT_THAT(error.what(), AllOf(HasSubstr("n > 0"), Not(HasSubstr("4711"))));
}

TEST_F(SqliteBadInputTest, NullIntoAColumnThatIsNotOptional) {
  const auto error =
      refused_sql<ConstraintViolation>("INSERT INTO customers (name, active) VALUES (?, 1)", std::nullopt);
  EXPECT_EQ(error.status_code(), 422);
  EXPECT_EQ(error.native_code(), "SQLITE_CONSTRAINT_NOTNULL (1299)");
  EXPECT_THAT(error.what(), HasSubstr("customers.name"));
}

TEST_F(SqliteBadInputTest, SecondStatementInOneText) {
  for (const char* sql : {"SELECT 1; DROP TABLE customers", "SELECT 1;;-- x\nSELECT 2", "SELECT 1; /* x */ x"}) {
    EXPECT_THAT(refused_sql<UsageError>(sql).what(), HasSubstr("holds a second one; run them one by one")) << sql;
  }
  const std::string with_nul("SELECT 1\0; DROP TABLE customers", 31);
  EXPECT_THAT(refused_sql<UsageError>(with_nul).what(), HasSubstr("holds a second one"));
  db.with([](sql::Session& session) {
    for (const char* sql : {"SELECT 1;", "SELECT 1; -- done", "SELECT 1; /* done */ ;;\n", "SELECT 1 -- no end"}) {
      EXPECT_EQ(session.execute(sql).scalar<int>(), 1) << sql;
    }
  });
}

TEST_F(SqliteBadInputTest, NoStatementAtAll) {
  for (const std::string_view sql :
       {std::string_view(), std::string_view(""), std::string_view("  -- nothing"), std::string_view(";")}) {
    EXPECT_THAT(refused_sql<UsageError>(std::string(sql)).what(), HasSubstr("the text holds none"));
    EXPECT_THROW(db.with([&](sql::Session& session) { (void)session.execute(sql); }), UsageError);
  }
}

TEST_F(SqliteBadInputTest, NumberOfParameters) {
  EXPECT_THAT(refused_sql<UsageError>("SELECT ?, ?", "secret").what(),
              AllOf(HasSubstr("the statement has 2 placeholders, but 1 values were given"), Not(HasSubstr("secret"))));
  EXPECT_THAT(refused_sql<UsageError>("SELECT 1", 4711).what(),
              HasSubstr("the statement has 0 placeholders, but 1 values were given"));
}

TEST_F(SqliteBadInputTest, TooManyParameters) {
  EXPECT_THAT(refused<UsageError>([](sql::Session& session) {
                auto any = sql::Expression<bool, sql::detail::EntitySet<Customer>>(customers::id == 0);
                for (int doubled = 0; doubled < 14; ++doubled) any = any || any;
                (void)session.query<Customer>().filter(any).all();
              }).what(),
              HasSubstr("more than 65535"));
}

TEST_F(SqliteBadInputTest, TextThatIsTooLarge) {
  const auto error = refused<ConversionError>(
      [](sql::Session& session) { (void)session.execute("SELECT zeroblob(?)", 2'000'000'000); });
  EXPECT_EQ(error.native_code(), "SQLITE_TOOBIG (18)");
}

TEST_F(SqliteBadInputTest, StatementAfterDoom) {
  const auto error = caught<TransactionAborted>([&] {
    db.with([](sql::Session& session) {
      session.add(Counter{});
      EXPECT_THROW(session.add(Customer{1, "secret", {}, true}), UniqueViolation);
      session.add(Counter{});
    });
    return 0;
  });
  EXPECT_EQ(error.status_code(), 500);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("the transaction had failed before"), HasSubstr("customers.id"),
                                  HasSubstr("tolerate it in savepoint()"), Not(HasSubstr("secret"))));
  EXPECT_THROW(std::rethrow_exception(error.cause()), UniqueViolation);
}

TEST_F(SqliteBadInputTest, UseAfterTheEnd) {
  auto connection = db.get(sql::ScopeOptions{});
  sql::Session& session = connection.enter();
  connection.exit(nullptr);
  const auto error = caught<UsageError>([&] { return session.execute("SELECT 1"); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("has ended"), HasSubstr("bad_input_test.cpp:"), HasSubstr("with()")));
}

TEST_F(SqliteBadInputTest, AScopeInsideAScopeOfTheOnlyConnection) {
  const auto error = caught<UsageError>([&] {
    db.with([&](sql::Session& outer) {
      outer.add(Counter{});
      db.with([](sql::Session& inner) { inner.add(Counter{}); });
    });
    return 0;
  });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("bad_input_test.cpp:"), HasSubstr("would wait forever"),
                                  HasSubstr("Give one back first, use the one at hand")));
}

}  // namespace
}  // namespace core_lib::shop
