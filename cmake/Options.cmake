# Warnings, sanitizers and the options that every target shares.
set(MERIDIAN_SANITIZE "" CACHE STRING "address (with undefined) or thread; empty for none")
option(MERIDIAN_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

add_library(meridian_options INTERFACE)
target_include_directories(meridian_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(meridian_options INTERFACE -Wall -Wextra -Wno-missing-field-initializers
                       -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
# The oldest processors served are of 2010 (SSE4.2, carry-less multiply): simdjson's on-demand reader
# picks its kernel at compile time, and without these it is several times slower.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64")
  target_compile_options(meridian_options INTERFACE -march=x86-64-v2 -mpclmul)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -fpch-preprocess lets ccache see through precompiled headers; the three warnings are false alarms of GCC 12
  # on std::string's own code (GCC bug 105651).
  target_compile_options(meridian_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>
                         -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()

set(sanitize_flags "")
if(MERIDIAN_SANITIZE STREQUAL "address")
  set(sanitize_flags -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
elseif(MERIDIAN_SANITIZE STREQUAL "thread")
  set(sanitize_flags -fsanitize=thread -fno-omit-frame-pointer)
endif()
if(MERIDIAN_FUZZ)
  list(APPEND sanitize_flags -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer)
endif()
target_compile_options(meridian_options INTERFACE ${sanitize_flags})
target_link_options(meridian_options INTERFACE ${sanitize_flags})

find_package(Threads REQUIRED)
target_link_libraries(meridian_options INTERFACE Threads::Threads)
