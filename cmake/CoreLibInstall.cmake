# SPDX-License-Identifier: Apache-2.0
# Installs headers, libraries, the CMake package (one component per library) and a pkg-config file per library.
include(CMakePackageConfigHelpers)

# What each library needs below itself: CMake lines that find it, and its pkg-config names.
set(CORE_LIB_FIND_core "core_lib_find(spdlog)\ncore_lib_find_pkg_config(LIBYAML yaml-0.1)")
set(CORE_LIB_PKG_CONFIG_core spdlog yaml-0.1)
set(CORE_LIB_FIND_sqlite "core_lib_find(SQLite3)")
set(CORE_LIB_PKG_CONFIG_sqlite sqlite3)
set(CORE_LIB_FIND_postgresql "core_lib_find_pkg_config(LIBPQ libpq)")
set(CORE_LIB_PKG_CONFIG_postgresql libpq)
set(CORE_LIB_FIND_mariadb "core_lib_find_pkg_config(LIBMARIADB libmariadb)")
set(CORE_LIB_PKG_CONFIG_mariadb libmariadb)
set(CORE_LIB_FIND_solr "core_lib_find_pkg_config(CURL_AND_SIMDJSON libcurl simdjson)")
set(CORE_LIB_PKG_CONFIG_solr libcurl simdjson)
set(CORE_LIB_FIND_prometheus "core_lib_find_pkg_config(PROMETHEUS_CPP prometheus-cpp-pull)")
set(CORE_LIB_PKG_CONFIG_prometheus prometheus-cpp-pull)
set(CORE_LIB_FIND_neo4j "core_lib_find_pkg_config(OPENSSL openssl)")
set(CORE_LIB_PKG_CONFIG_neo4j openssl)

get_property(CORE_LIB_INSTALLED GLOBAL PROPERTY CORE_LIB_LIBRARIES)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/core_lib)
set(pkg_config_folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH CORE_LIB_PREFIX_FROM_PC ${CMAKE_INSTALL_PREFIX}/${pkg_config_folder} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" CORE_LIB_PREFIX_FROM_PC ${CORE_LIB_PREFIX_FROM_PC})

install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")

# Static libraries bring what they link; shared ones already hold it.
function(core_lib_install_pkg_config name requires needs)
  if(BUILD_SHARED_LIBS)
    set(requires_private ${needs})
  else()
    list(APPEND requires ${needs})
    set(requires_private "")
  endif()
  list(JOIN requires " " requires)
  list(JOIN requires_private " " requires_private)
  if(name STREQUAL core_lib)
    set(file core_lib)
    set(file_of_library core_lib)
  else()
    set(file core_lib-${name})
    set(file_of_library core_lib_${name})
  endif()
  set(libs "")
  if(TARGET core_lib_${name})
    set(libs "-L\${libdir} -l${file_of_library}")
    if(name STREQUAL core)
      string(APPEND libs " -pthread")
    endif()
  endif()
  configure_file(${CORE_LIB_ROOT}/cmake/core_lib.pc.in ${CMAKE_CURRENT_BINARY_DIR}/${file}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${file}.pc DESTINATION ${pkg_config_folder})
endfunction()

set(CORE_LIB_COMPONENT_CODE "")
foreach(name IN LISTS CORE_LIB_INSTALLED)
  install(TARGETS core_lib_${name} EXPORT core_lib_${name}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(EXPORT core_lib_${name} NAMESPACE core_lib:: DESTINATION ${package_folder} FILE core_lib_${name}.cmake)
  if(NOT BUILD_SHARED_LIBS)
    string(APPEND CORE_LIB_COMPONENT_CODE "set(core_lib_code_${name} [[\n${CORE_LIB_FIND_${name}}\n]])\n")
  endif()
  if(name STREQUAL core)
    core_lib_install_pkg_config(core "" "${CORE_LIB_PKG_CONFIG_core}")
  elseif(NOT name STREQUAL core_lib)
    core_lib_install_pkg_config(${name} core_lib-core "${CORE_LIB_PKG_CONFIG_${name}}")
  endif()
endforeach()

# core_lib.pc is everything that was installed, with or without the composition library.
set(everything ${CORE_LIB_INSTALLED})
list(REMOVE_ITEM everything core_lib)
list(TRANSFORM everything PREPEND core_lib-)
core_lib_install_pkg_config(core_lib "${everything}" "")

configure_package_config_file(${CORE_LIB_ROOT}/cmake/core_libConfig.cmake.in core_libConfig.cmake
  INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(core_libConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/core_libConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/core_libConfigVersion.cmake
  DESTINATION ${package_folder})
