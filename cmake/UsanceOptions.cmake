# Language, warnings, sanitizers and the options that presets set.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(USANCE_BUILD_NODE "Build proto, node and the tools that speak gRPC" ON)
option(USANCE_BUILD_FUZZERS "Build the libFuzzer targets (clang only)" OFF)
option(USANCE_UNITY "Compile the sources of a target several at a time: a third of the time" ON)
set(USANCE_WASM_SPEC_DIR "$ENV{USANCE_WASM_SPEC_DIR}" CACHE PATH
    "Converted official WebAssembly tests; the tests that need them skip when empty")

# Assertions on our own logic stay on in every build type: -DNDEBUG is never set.
# -g1 gives stack traces their lines; variables would make a sanitizer build half as long again. For
# a debugger: cmake --preset dev -DCMAKE_BUILD_TYPE= -DCMAKE_CXX_FLAGS="-O0 -g".
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align
                    -Woverloaded-virtual -Wconversion -Wno-sign-conversion -Werror=return-type
                    -Werror=switch -Werror=unused-result -fno-omit-frame-pointer)

# Most of what a file costs to compile is the headers that its neighbours read as well. Within a
# target, therefore, names in unnamed namespaces differ.
set(CMAKE_UNITY_BUILD ${USANCE_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

include(${CMAKE_CURRENT_LIST_DIR}/UsanceInstrumentation.cmake)

find_program(USANCE_CCACHE ccache)
if(USANCE_CCACHE)
  # Paths below the source folder are hashed relative to it: every clone and worktree shares hits.
  set(usance_launcher env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${USANCE_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${usance_launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${usance_launcher})
endif()
find_program(USANCE_MOLD mold)
if(USANCE_MOLD AND NOT USANCE_SANITIZE)
  add_link_options(-fuse-ld=mold)
endif()
