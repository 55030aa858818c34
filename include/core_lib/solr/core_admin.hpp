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

/// What is deleted from the disk with the core: `deleteIndex`, `deleteDataDir`, `deleteInstanceDir`.
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
  /// `CREATE`; without CoreOptions::instance_dir, in a directory of the core's name.
  Reply create(std::string_view core, const CoreOptions& options = {}) const;
  /// `RELOAD`: takes up a changed configuration and schema.
  Reply reload(std::string_view core) const;
  /// `RENAME`, from `core` to `name`; clients of the old name find nothing any more.
  Reply rename(std::string_view core, std::string_view name) const;
  /// `SWAP`: each core answers under the name of the other, so that a new index takes the place of the old.
  Reply swap(std::string_view core, std::string_view other) const;
  /// `UNLOAD`: the core no longer answers; its files stay unless the options say otherwise.
  Reply unload(std::string_view core, const UnloadOptions& options = {}) const;

 private:
  [[nodiscard]] Reply run(std::string_view action, Parameters parameters, Effect effect) const;

  Client client_;
};

}  // namespace core_lib::solr
