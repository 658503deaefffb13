# The standard headers that nearly every file includes, compiled once for all rooms.
file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "")
add_library(precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
target_link_libraries(precompiled PRIVATE meridian_options)
target_precompile_headers(precompiled PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.h)

# meridian_room(NAME [USES room...] [LINK library...] [PRIVATE_LINK library...] [DATABASE])
#
# Declares the room src/NAME: one library of all .cpp files below its folder (but main.cpp), and, when tests/NAME
# exists, one test program of all .cpp files there. USES names the rooms below that it includes. DATABASE: its tests
# write to one, and run a second time on PostgreSQL.
function(meridian_room name)
  cmake_parse_arguments(room "DATABASE" "" "USES;LINK;PRIVATE_LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(NOT sources)  # headers only, so far: a library still needs something to compile
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
    file(TOUCH ${sources})
  endif()
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC meridian_options ${room_USES} ${room_LINK} PRIVATE ${room_PRIVATE_LINK})
  target_precompile_headers(${name} REUSE_FROM precompiled)

  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${name}/*.cpp)
  if(tests)
    meridian_test(test_${name} SOURCES ${tests} USES ${name})
    if(room_DATABASE)
      add_test(NAME ${name}_on_postgresql COMMAND ${CMAKE_SOURCE_DIR}/tools/with_postgresql.sh $<TARGET_FILE:test_${name}>)
      set_tests_properties(${name}_on_postgresql PROPERTIES TIMEOUT 1800 SKIP_RETURN_CODE 77)
    endif()
  endif()
endfunction()

# Where the sources lie, in one file of its own: all others compile alike in every checkout, and are cached.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/project_folder.cpp @ONLY CONTENT [[
#include "base/project_folder.h"

namespace meridian {

std::filesystem::path project_folder() { return "@CMAKE_SOURCE_DIR@"; }

}  // namespace meridian
]])

# meridian_test(NAME SOURCES file... USES room...): a GoogleTest program, one ctest entry a test.
function(meridian_test name)
  cmake_parse_arguments(test "" "" "SOURCES;USES;LINK" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(${name} ${test_SOURCES} ${CMAKE_BINARY_DIR}/project_folder.cpp)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${test_USES} ${test_LINK} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
