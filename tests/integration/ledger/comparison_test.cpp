// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/comparison.hpp"

#include <new>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "integration/ledger/worker.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::ledger {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Books in which the transfers 1 and 2 were made, and a journal that says so.
class LedgerComparison : public testing::Test {
 protected:
  void make(std::int64_t number) {
    books.transfers.push_back({0, number, 1, 2, 10});
    books.accounts[0].balance -= 10;
    books.accounts[1].balance += 10;
  }
  void SetUp() override {
    for (const std::int64_t number : {1, 2}) {
      make(number);
      journal[number] = {Outcome::committed, {}, {}};
    }
    journal[3] = {Outcome::failed, {}, "ConnectionLost: gone"};
  }

  [[nodiscard]] Comparison found() const { return compare(journal, books, std::chrono::seconds(2)); }

  Journal journal;
  Books books{{{1, 100}, {2, 100}}, {}, 100};
};

TEST_F(LedgerComparison, FindsNothingWhereTheLibraryKeptItsWord) {
  const Comparison comparison = found();
  EXPECT_THAT(comparison.violations, IsEmpty());
  EXPECT_EQ(comparison.committed, 2U);
  EXPECT_EQ(comparison.failed, 1U);
  EXPECT_EQ(comparison.reasons.at("ConnectionLost"), 1U);
}

TEST_F(LedgerComparison, FindsACommittedTransferThatIsLost) {
  journal[4] = {Outcome::committed, {}, {}};
  EXPECT_THAT(found().violations, ElementsAre("transfer 0/4 was called committed and is lost"));
}

TEST_F(LedgerComparison, FindsAFailedTransferThatIsThere) {
  make(3);
  EXPECT_THAT(found().violations, ElementsAre(HasSubstr("0/3 was called failed and is there")));
}

TEST_F(LedgerComparison, FindsATransferThatWasAppliedTwice) {
  make(2);
  EXPECT_THAT(found().violations, ElementsAre("transfer 0/2 was applied 2 times"));
}

TEST_F(LedgerComparison, FindsATransferOfNobody) {
  make(7);
  EXPECT_THAT(found().violations, ElementsAre(HasSubstr("nobody has asked for it")));
}

TEST_F(LedgerComparison, FindsATransferOfWhichHalfWasDone) {
  books.accounts[1].balance -= 10;
  EXPECT_THAT(found().violations, UnorderedElementsAre("account 2 holds 110 where its transfers make 120",
                                                       "the sum of money was 200 and is 190"));
}

TEST_F(LedgerComparison, CountsWhatWasUnknownAsStoredOrNot) {
  make(5);
  make(8);
  journal[5] = journal[6] = {Outcome::unknown, {}, "CommitUnknown: no answer"};
  journal[8] = journal[9] = {Outcome::started, {}, {}};
  const Comparison comparison = found();
  EXPECT_THAT(comparison.violations, IsEmpty());
  EXPECT_EQ(comparison.unknown, 2U);
  EXPECT_EQ(comparison.unknown_stored, 1U);
  EXPECT_EQ(comparison.cut_short, 2U);
  EXPECT_EQ(comparison.cut_short_stored, 1U);
}

TEST_F(LedgerComparison, FindsACallThatFarOutlivedItsDeadline) {
  journal[3].beyond_deadline = std::chrono::milliseconds(2000);
  EXPECT_THAT(found().violations, IsEmpty());
  journal[2].beyond_deadline = std::chrono::milliseconds(2001);
  EXPECT_THAT(found().violations, ElementsAre(HasSubstr("transfer 0/2 outlived its deadline by 2001 ms")));
  EXPECT_EQ(found().longest_beyond_deadline, std::chrono::milliseconds(2001));
}

TEST_F(LedgerComparison, FindsWhatNoFaultExplains) {
  journal[4] = {Outcome::unexpected, {}, "unexpected exception: bad optional access"};
  EXPECT_THAT(found().violations,
              ElementsAre("transfer 0/4 ended in what no fault explains: unexpected exception: bad optional access"));
  EXPECT_EQ(found().failed, 2U);
}

TEST(LedgerWorker, TellsWhatFaultsExplainFromAllElse) {
  EXPECT_EQ(outcome_of(ConnectionLost("gone")), Outcome::failed);
  EXPECT_EQ(outcome_of(Error("deadlock", {.retryable = true})), Outcome::failed);
  EXPECT_EQ(outcome_of(ChangedMind("changed its mind")), Outcome::failed);
  EXPECT_EQ(outcome_of(CommitUnknown("no answer")), Outcome::unknown);
  EXPECT_EQ(outcome_of(Error("something else")), Outcome::unexpected);
  EXPECT_EQ(outcome_of(SyntaxError("near SELECT")), Outcome::unexpected);
  EXPECT_EQ(outcome_of(std::logic_error("there is no account 1")), Outcome::unexpected);
  EXPECT_EQ(outcome_of(std::bad_alloc()), Outcome::unexpected);
}

TEST(LedgerJournal, HoldsTheLastWordOnEachTransfer) {
  const TemporaryFolder folder;
  JournalFile file(folder.path() + "/journal");
  file.write(1, {});
  file.write(2, {});
  EXPECT_EQ(file.count_committed(), 0U);
  file.write(1, {Outcome::committed, {}, {}});
  file.write(2, {Outcome::failed, std::chrono::milliseconds(7), "Error: two\nlines"});
  file.write(3, {});
  EXPECT_EQ(file.count_committed(), 1U);
  const Journal journal = file.read();
  ASSERT_EQ(journal.size(), 3U);
  EXPECT_EQ(journal.at(1).outcome, Outcome::committed);
  EXPECT_EQ(journal.at(2).outcome, Outcome::failed);
  EXPECT_EQ(journal.at(2).reason, "Error: two lines");
  EXPECT_EQ(journal.at(2).beyond_deadline, std::chrono::milliseconds(7));
  EXPECT_EQ(journal.at(3).outcome, Outcome::started);
}

}  // namespace
}  // namespace core_lib::ledger
