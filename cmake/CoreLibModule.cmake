# SPDX-License-Identifier: Apache-2.0
# The four shapes that everything built here has: a library, a test program, a fuzz target, a program.
include(GNUInstallDirs)
set(CORE_LIB_ROOT ${CMAKE_CURRENT_LIST_DIR}/..)

option(CORE_LIB_WERROR "Treat warnings in core_lib's own code as errors" OFF)

# Faster builds of our own tree, where the tools are there. A project that adds core_lib decides for itself.
if(PROJECT_IS_TOP_LEVEL)
  find_program(CORE_LIB_CCACHE ccache)
  if(CORE_LIB_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CORE_LIB_CCACHE})
  endif()
  find_program(CORE_LIB_MOLD mold)
  if(CORE_LIB_MOLD)
    add_link_options(-fuse-ld=mold)
  endif()
endif()

# Flags of our own code alone: they never reach a consumer.
function(core_lib_own_code target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
    -Wnon-virtual-dtor $<$<BOOL:${CORE_LIB_WERROR}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict)  # wrong of text + text where optimised: its bug 105651
  endif()
  if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)  # it takes a source for a header there
  endif()
  set_target_properties(${target} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
endfunction()

# core_lib_engine(POSTGRESQL LIBPQ libpq libpq-dev): looks for the client library of an engine by its pkg-config name, as
# PkgConfig::LIBPQ, and turns CORE_LIB_WITH_POSTGRESQL from AUTO into ON or OFF.
macro(core_lib_engine engine prefix module package)
  if(CORE_LIB_WITH_${engine})
    find_package(PkgConfig REQUIRED)
    if(CORE_LIB_WITH_${engine} STREQUAL AUTO)
      pkg_check_modules(${prefix} QUIET IMPORTED_TARGET ${module})
      if(${prefix}_FOUND)
        set(CORE_LIB_WITH_${engine} ON)
      else()
        set(CORE_LIB_WITH_${engine} OFF)
        message(STATUS "core_lib is built without ${engine}: ${module} was not found (on Debian: ${package})")
      endif()
    else()
      pkg_check_modules(${prefix} REQUIRED IMPORTED_TARGET ${module})
    endif()
  endif()
endmacro()

# core_lib_library(sqlite): target core_lib_sqlite, alias core_lib::sqlite. Folders add their sources by target_sources().
function(core_lib_library name)
  add_library(core_lib_${name})
  add_library(core_lib::${name} ALIAS core_lib_${name})
  core_lib_own_code(core_lib_${name})
  target_compile_features(core_lib_${name} PUBLIC cxx_std_20)
  target_include_directories(core_lib_${name} PUBLIC $<BUILD_INTERFACE:${CORE_LIB_ROOT}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}> PRIVATE ${CORE_LIB_ROOT}/src)
  # Without a symbol for exports, objects of static and shared libraries are the same to a compiler cache.
  set_target_properties(core_lib_${name} PROPERTIES DEFINE_SYMBOL "")
  # The shared libraries find each other, wherever they are installed together.
  set_target_properties(core_lib_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON INSTALL_RPATH "$ORIGIN"
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  if(name STREQUAL core_lib)
    set_target_properties(core_lib_core_lib PROPERTIES OUTPUT_NAME core_lib)
  endif()
  set_property(GLOBAL APPEND PROPERTY CORE_LIB_LIBRARIES ${name})
  core_lib_collect(core_lib_libraries core_lib_${name})
endfunction()

# GoogleTest's headers are half of what a test program compiles: the first one compiles them for all.
function(core_lib_precompile_test name)
  get_property(first GLOBAL PROPERTY CORE_LIB_PRECOMPILED)
  if(first)
    target_precompile_headers(${name} REUSE_FROM ${first})
  else()
    target_precompile_headers(${name} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
    set_property(GLOBAL PROPERTY CORE_LIB_PRECOMPILED ${name})
  endif()
endfunction()

# Under sanitizers the library is optimised a little; what uses it would only take twice as long to build.
function(core_lib_do_not_optimise name)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    target_compile_options(${name} PRIVATE -O0)
  endif()
endfunction()

# core_lib_test(pool_tests SOURCES a_test.cpp LINK core_lib::core [LABELS unit threads] [SERVICES postgresql])
# Label "threads" marks what also runs under TSan. Services are started before the first test that needs them, and
# stopped after the last; see tests/support/service.hpp. LOCK names what only one test at a time may use. TIMEOUT is that
# of each test, 120 seconds; those that may take longer begin first.
function(core_lib_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LINK;LABELS;SERVICES;LOCK")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  core_lib_own_code(${name})
  target_include_directories(${name} PRIVATE ${CORE_LIB_ROOT}/tests ${CORE_LIB_ROOT}/src)
  if(arg_SERVICES)
    target_compile_definitions(${name} PRIVATE CORE_LIB_SERVICE_SCRIPTS="${CORE_LIB_ROOT}/tests/services")
  endif()
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gmock GTest::gtest_main)
  if(CMAKE_UNITY_BUILD)
    core_lib_precompile_test(${name})
  endif()
  core_lib_do_not_optimise(${name})
  gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT ${arg_TIMEOUT}
                       COST ${arg_TIMEOUT})
  set(servers ${CORE_LIB_ROOT}/build/servers/usr)  # where tools/lib.sh unpacks them
  # gtest_discover_tests takes lists apart, so these properties are set once its tests are known.
  set(properties ${CMAKE_CURRENT_BINARY_DIR}/${name}_properties.cmake)
  file(WRITE ${properties} "if(${name}_TESTS)\n  set_tests_properties(\${${name}_TESTS} PROPERTIES"
    " LABELS \"${arg_LABELS}\" FIXTURES_REQUIRED \"${arg_SERVICES}\" RESOURCE_LOCK \"${arg_LOCK}\""
    " ENVIRONMENT \"CORE_LIB_SERVICES=${CORE_LIB_SERVICES}\""
    " ENVIRONMENT_MODIFICATION \"PATH=path_list_prepend:${servers}/bin;PATH=path_list_prepend:${servers}/sbin\")\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${properties})
  if("threads" IN_LIST arg_LABELS)
    core_lib_collect(core_lib_tests_threads ${name})
  endif()
endfunction()

# Where the services of this build's tests tell their addresses.
set(CORE_LIB_SERVICES ${CMAKE_BINARY_DIR}/services)

# core_lib_service(postgresql): what tests/services/postgresql starts and stops, as a fixture of tests.
# core_lib_service(neo4j-4.4 SCRIPT neo4j ENVIRONMENT NEO4J_VERSION=4.4.48): a variation of it.
function(core_lib_service name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCRIPT;ENVIRONMENT" "")
  set(script ${CORE_LIB_ROOT}/tests/services/${name})
  if(arg_SCRIPT)
    set(script ${CORE_LIB_ROOT}/tests/services/${arg_SCRIPT})
  endif()
  add_test(NAME services.${name}.start COMMAND ${script} start ${CORE_LIB_SERVICES}/${name})
  add_test(NAME services.${name}.stop COMMAND ${script} stop ${CORE_LIB_SERVICES}/${name})
  set_tests_properties(services.${name}.start PROPERTIES FIXTURES_SETUP ${name} TIMEOUT 120)
  set_tests_properties(services.${name}.stop PROPERTIES FIXTURES_CLEANUP ${name} TIMEOUT 120)
  if(arg_ENVIRONMENT)
    set_tests_properties(services.${name}.start services.${name}.stop PROPERTIES ENVIRONMENT "${arg_ENVIRONMENT}")
  endif()
endfunction()

# core_lib_test_again(neo4j_server_tests ON neo4j-4.4 VARIABLE NEO4J_SERVICE LABELS integration): all tests of a program as
# one, on another server, whose service the variable names.
function(core_lib_test_again name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "ON;VARIABLE" "LABELS")
  add_test(NAME ${name}.on.${arg_ON} COMMAND ${name})
  set_tests_properties(${name}.on.${arg_ON} PROPERTIES FIXTURES_REQUIRED ${arg_ON} RESOURCE_LOCK ${arg_ON} TIMEOUT 300
    LABELS "${arg_LABELS}" ENVIRONMENT "CORE_LIB_SERVICES=${CORE_LIB_SERVICES};${arg_VARIABLE}=${arg_ON}")
endfunction()

# core_lib_fuzzer(config_fuzz SOURCES config_fuzz.cpp LINK core_lib::core CORPUS ${CMAKE_CURRENT_SOURCE_DIR}/corpus/config)
# The source defines LLVMFuzzerTestOneInput. In the fuzz preset it becomes a libFuzzer program, run by `tools/fuzz`;
# everywhere else a test that replays the seeds.
function(core_lib_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  core_lib_own_code(${name})
  target_include_directories(${name} PRIVATE ${CORE_LIB_ROOT}/tests ${CORE_LIB_ROOT}/src)
  target_link_libraries(${name} PRIVATE ${arg_LINK})
  if(CORE_LIB_BUILD_FUZZERS)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    core_lib_collect(core_lib_fuzzers ${name})
    set_property(GLOBAL APPEND_STRING PROPERTY CORE_LIB_FUZZER_LIST "${name}\t$<TARGET_FILE:${name}>\t${arg_CORPUS}\n")
  else()
    target_sources(${name} PRIVATE ${CORE_LIB_ROOT}/tests/fuzz/replay.cpp)
    add_test(NAME ${name}.seeds COMMAND ${name} ${arg_CORPUS})
    set_tests_properties(${name}.seeds PROPERTIES LABELS fuzz TIMEOUT 120)
  endif()
endfunction()

# core_lib_program(world SOURCES main.cpp LINK core_lib::core_lib)
function(core_lib_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  core_lib_own_code(${name})
  core_lib_do_not_optimise(${name})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
endfunction()

# Makes `target` build `part` too.
function(core_lib_collect target part)
  if(NOT TARGET ${target})
    add_custom_target(${target})
  endif()
  add_dependencies(${target} ${part})
endfunction()
