// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

namespace core_lib {

/// One scope of work against a data source: enter() allocates, exit() releases.
///
/// ConnectionRegistry::with() drives it. A class that extends this one must see to three things:
/// - exit() with a failure discards the work, exit(nullptr) keeps it, and both release, also where they throw;
/// - one that is destroyed after enter() and without exit() has failed: its destructor discards the work and releases,
///   `noexcept`, and never keeps the work;
/// - it serves one scope: enter() once, exit() once.
///
/// tests/contract/connection_contract.hpp checks them. Thread safety: a connection belongs to one thread at a time.
template <class Client>
class Connection {
 public:
  using client_type = Client;

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  /// Allocates, and hands out the session or client. It lives in this connection and is valid until exit().
  /// Errors: what the source raises; nothing is held then.
  virtual Client& enter() = 0;

  /// Releases. A null `failure` says that the scope succeeded and its work is to be kept.
  /// Errors: may throw where the work could not be kept, such as CommitFailed and CommitUnknown.
  virtual void exit(std::exception_ptr failure) = 0;
};

}  // namespace core_lib
