// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>

#include "support/temporary_folder.hpp"

namespace core_lib::support {

/// Where a server of tests/services answers.
class Service {
 public:
  /// The one that ctest started for this run, or that a person did: `tests/services/postgresql start`.
  explicit Service(const std::string& name) : Service(name, shared_folder(name)) {}

  [[nodiscard]] const std::string& operator[](const std::string& key) const {
    const auto found = values_.find(key);
    if (found == values_.end()) throw std::runtime_error("the service " + name_ + " has no " + key);
    return found->second;
  }

 protected:
  Service(std::string name, const std::string& folder) : name_(std::move(name)) {
    std::ifstream address(folder + "/address");
    if (!address) {
      throw std::runtime_error("this test needs a server: run tests/services/" + name_ +
                               " start, or set CORE_LIB_SERVICES to the folder that holds " + name_ + "/address");
    }
    for (std::string line; std::getline(address, line);) {
      const std::size_t equals = line.find('=');
      values_[line.substr(0, equals)] = line.substr(equals + 1);
    }
  }

 private:
  static std::string shared_folder(const std::string& name) {
    const char* const services = std::getenv("CORE_LIB_SERVICES");
    return (services != nullptr ? services : "build/services") + ("/" + name);
  }

  std::string name_;
  std::map<std::string, std::string> values_;
};

/// A server of a test's own, to be crashed and brought back. It ends with this object.
class OwnService : private TemporaryFolder, public Service {
 public:
  explicit OwnService(const std::string& name) : OwnService(name, "start", "") {}
  ~OwnService() { std::system(command("stop").c_str()); }
  OwnService(const OwnService&) = delete;
  OwnService& operator=(const OwnService&) = delete;

  /// A variation of it: tests/services/NAME COMMAND FOLDER ARGUMENT.
  OwnService(const std::string& name, const std::string& what, const std::string& argument)
      : TemporaryFolder(), Service(name, start(script(name), what, path(), argument)), script_(script(name)) {}

  [[nodiscard]] const std::string& folder() const noexcept { return path(); }
  /// Runs the script of the service: tests/services/NAME COMMAND FOLDER.
  void run(const std::string& what) {
    if (std::system(command(what).c_str()) != 0) throw std::runtime_error("failed: " + command(what));
  }

 private:
  static std::string script(const std::string& name) { return CORE_LIB_SERVICE_SCRIPTS "/" + name; }
  static std::string start(const std::string& script, const std::string& what, const std::string& folder,
                           const std::string& argument) {
    const std::string command = script + " " + what + " " + folder + " " + argument + " >/dev/null";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
    return folder;
  }
  [[nodiscard]] std::string command(const std::string& what) const {
    return script_ + " " + what + " " + path() + " >/dev/null";
  }

  std::string script_;
};

}  // namespace core_lib::support
