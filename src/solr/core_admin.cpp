// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/core_admin.hpp"

namespace core_lib::solr {

Reply CoreAdmin::run(std::string_view action, Parameters parameters, Effect effect) const {
  parameters.add("action", action);
  return client_.send({.path = "admin/cores", .parameters = std::move(parameters), .effect = effect, .of_node = true});
}

Reply CoreAdmin::status(std::string_view core) const {
  Parameters parameters;
  if (!core.empty()) parameters.add("core", core);
  return run("STATUS", std::move(parameters), Effect::read);
}

Reply CoreAdmin::create(std::string_view core, const CoreOptions& options) const {
  Parameters parameters;
  parameters.add("name", core).add("instanceDir", options.instance_dir.empty() ? core : options.instance_dir);
  if (!options.config_set.empty()) parameters.add("configSet", options.config_set);
  if (!options.config.empty()) parameters.add("config", options.config);
  if (!options.schema.empty()) parameters.add("schema", options.schema);
  return run("CREATE", std::move(parameters), Effect::write);
}

Reply CoreAdmin::reload(std::string_view core) const {
  return run("RELOAD", Parameters().add("core", core), Effect::write);
}

Reply CoreAdmin::rename(std::string_view core, std::string_view name) const {
  return run("RENAME", Parameters().add("core", core).add("other", name), Effect::write);
}

Reply CoreAdmin::swap(std::string_view core, std::string_view other) const {
  return run("SWAP", Parameters().add("core", core).add("other", other), Effect::write);
}

Reply CoreAdmin::unload(std::string_view core, const UnloadOptions& options) const {
  Parameters parameters;
  parameters.add("core", core).add("deleteIndex", options.delete_index).add("deleteDataDir", options.delete_data_dir);
  parameters.add("deleteInstanceDir", options.delete_instance_dir);
  return run("UNLOAD", std::move(parameters), Effect::write);
}

}  // namespace core_lib::solr
