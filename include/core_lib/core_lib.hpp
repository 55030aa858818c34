// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything an application writes against. Link core_lib::core_lib, or core_lib::core and the engines it uses.

#include "core_lib/config/compose.hpp"
#include "core_lib/config/config.hpp"
#include "core_lib/config/instantiate_config.hpp"
#include "core_lib/config/resolvers.hpp"
#include "core_lib/config/target_registry.hpp"
#include "core_lib/config/url.hpp"
#include "core_lib/connection/connection_registry.hpp"
#include "core_lib/connection/object_connection_registry.hpp"
#include "core_lib/data_access/data_access.hpp"
#include "core_lib/error/duplicate_error_handler.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/error/not_found_error_handler.hpp"
#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/json.hpp"
#include "core_lib/mapping/uuid.hpp"
#include "core_lib/service/core_lib_base.hpp"
#include "core_lib/service/service.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

/// What an application writes against: connections, configuration, data access, errors.
namespace core_lib {}
