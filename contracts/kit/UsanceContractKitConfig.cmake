# The contract kit of Usance, for projects outside its repository:
#
#   find_package(UsanceContractKit REQUIRED)
#   add_subdirectory(greeter)                    # holds usance_contract(greeter PROTO ... SOURCES ...)
#   usance_contract_test(greeter_test SOURCES tests/greeter_test.cpp CONTRACTS greeter)
#
# `usance contract build` and `usance contract test` configure and build with it. By hand:
# cmake -S . -B build -G Ninja -DUsanceContractKit_DIR=/usr/lib/usance/contract-kit
#
# usance_contract() is described in UsanceContract.cmake.
#
# usance_contract_test(NAME SOURCES ... CONTRACTS ...)
#   A GoogleTest program over the contracts, linked against the test chain. Modules are those of
#   build/contracts; gas is compared with the file gas.txt beside the first source.
#   Every project can have several contracts, each in a folder of its own name.
#
# Options of a project's build, for the contracts compiled natively:
#   USANCE_SANITIZE   sanitizers, as -fsanitize= takes them
#   USANCE_COVERAGE   ON: instruments for line coverage (gcov)

set(usance_kit ${CMAKE_CURRENT_LIST_DIR})
set(USANCE_SDK_ROOT ${usance_kit}/include)
set(USANCE_SDK_PROTO_DIR ${usance_kit}/proto)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Debug)  # concerns the native contracts alone
endif()
include(${usance_kit}/UsanceInstrumentation.cmake)
enable_testing()

find_program(USANCE_PROTOC protoc)
if(NOT USANCE_PROTOC)
  message(FATAL_ERROR "Contracts need protoc: apt-get install protobuf-compiler")
endif()
foreach(program protoc-gen-usance usance-embed-interface)
  if(NOT TARGET ${program})
    add_executable(${program} IMPORTED GLOBAL)
    set_target_properties(${program} PROPERTIES IMPORTED_LOCATION ${usance_kit}/bin/${program})
  endif()
endforeach()
if(NOT TARGET protobuf::protoc)
  add_executable(protobuf::protoc IMPORTED GLOBAL)
  set_target_properties(protobuf::protoc PROPERTIES IMPORTED_LOCATION ${USANCE_PROTOC})
endif()

# The same library natively and for wasm.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET GLOBAL libsodium)
if(NOT TARGET usance_sdk)
  add_library(usance_sdk STATIC IMPORTED GLOBAL)
  set_target_properties(usance_sdk PROPERTIES
    IMPORTED_LOCATION ${usance_kit}/libusance_contract_kit.a)
  target_include_directories(usance_sdk INTERFACE ${usance_kit}/include)
  target_link_libraries(usance_sdk INTERFACE PkgConfig::SODIUM OpenSSL::Crypto Threads::Threads)
  add_custom_target(sdk_generated)
endif()
set_property(GLOBAL PROPERTY USANCE_WASM_RUNTIME ${usance_kit}/wasm/libusance_sdk.a)

add_custom_target(usance_modules)  # what `usance contract build` builds
include(${usance_kit}/UsanceContract.cmake)

function(usance_contract_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;CONTRACTS" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(${name} ${ARG_SOURCES})
  list(GET ARG_SOURCES 0 first)
  get_filename_component(folder ${first} DIRECTORY)
  target_compile_definitions(${name} PRIVATE
    USANCE_CONTRACTS_DIR="${USANCE_CONTRACTS_DIR}"
    USANCE_GAS_FILE="${CMAKE_CURRENT_SOURCE_DIR}/${folder}/gas.txt")
  foreach(contract ${ARG_CONTRACTS})
    target_link_libraries(${name} PRIVATE usance_contract_${contract})
    add_dependencies(${name} ${contract}_wasm)
  endforeach()
  target_link_libraries(${name} PRIVATE usance_sdk GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
