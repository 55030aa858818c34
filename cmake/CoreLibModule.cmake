# SPDX-License-Identifier: Apache-2.0
# The three shapes that everything built here has: a library, a test program, a program.
include(GNUInstallDirs)
set(CORE_LIB_ROOT ${CMAKE_CURRENT_LIST_DIR}/..)

# Flags of our own code alone: they never reach a consumer.
function(core_lib_own_code target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
    -Wnon-virtual-dtor)
  set_target_properties(${target} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
endfunction()

# core_lib_library(sqlite): target core_lib_sqlite, alias core_lib::sqlite. Folders add their sources by target_sources().
function(core_lib_library name)
  add_library(core_lib_${name})
  add_library(core_lib::${name} ALIAS core_lib_${name})
  core_lib_own_code(core_lib_${name})
  target_compile_features(core_lib_${name} PUBLIC cxx_std_20)
  target_include_directories(core_lib_${name} PUBLIC $<BUILD_INTERFACE:${CORE_LIB_ROOT}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}> PRIVATE ${CORE_LIB_ROOT}/src)
  set_target_properties(core_lib_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  set_property(GLOBAL APPEND PROPERTY CORE_LIB_LIBRARIES core_lib_${name})
endfunction()

# core_lib_test(pool_tests SOURCES a_test.cpp LINK core_lib::core [LABELS unit threads])
# Label "threads" marks what also runs under TSan.
function(core_lib_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK;LABELS")
  add_executable(${name} ${arg_SOURCES})
  core_lib_own_code(${name})
  target_include_directories(${name} PRIVATE ${CORE_LIB_ROOT}/tests ${CORE_LIB_ROOT}/src)
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 120)
endfunction()

# core_lib_program(world SOURCES main.cpp LINK core_lib::core_lib)
function(core_lib_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  core_lib_own_code(${name})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
endfunction()
