// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/solr/client.hpp"

namespace core_lib::solr {

/// What a new core is made from; empty parts are left to the server.
struct CoreOptions {
  std::string instance_dir{};
  std::string config_set{};
  std::string config{};
  std::string schema{};
};

struct UnloadOptions {
  bool delete_index = false;
  bool delete_data_dir = false;
  bool delete_instance_dir = false;
};

/// Makes and removes the cores of a node that is not part of a cloud. Thread safety: as Client.
/// Errors: as Client; a core that is not there is a SyntaxError, one that is there already an Error.
class CoreAdmin {
 public:
  /// @param client  of any core of the node
  explicit CoreAdmin(Client client) : client_(std::move(client)) {}

  /// Of one core, an empty object where there is none; or of all.
  [[nodiscard]] Reply status(std::string_view core = {}) const;
  Reply create(std::string_view core, const CoreOptions& options = {}) const;
  Reply reload(std::string_view core) const;
  Reply rename(std::string_view core, std::string_view name) const;
  Reply swap(std::string_view core, std::string_view other) const;
  Reply unload(std::string_view core, const UnloadOptions& options = {}) const;

 private:
  [[nodiscard]] Reply run(std::string_view action, Parameters parameters, Effect effect) const;

  Client client_;
};

}  // namespace core_lib::solr
