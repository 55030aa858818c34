// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/neo4j/neo4j_connection_registry.hpp"

#include "integration/ledger/comparison.hpp"

namespace core_lib::ledger {

/// The bank of the ledger as a graph: accounts, and a node for each transfer that was made.
void open_accounts(Neo4jConnectionRegistry& db, std::int64_t count, std::int64_t opening_balance);

/// Moves the money and notes the transfer, in one managed transaction.
void make(Neo4jConnectionRegistry& db, const neo4j::SessionConfig& session, const Transfer& transfer,
          const Manners& manners);

[[nodiscard]] Books read_books(Neo4jConnectionRegistry& db, std::int64_t opening_balance);

}  // namespace core_lib::ledger
