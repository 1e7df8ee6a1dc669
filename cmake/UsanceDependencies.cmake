# Every dependency is a Debian 12 package; tools/install-deps.sh installs them.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
find_package(nlohmann_json REQUIRED)
find_package(pugixml REQUIRED)
find_package(GTest CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
# Debian ships no protobuf-config.cmake: module mode only. The contracts' code generator needs it.
find_package(Protobuf REQUIRED)

if(USANCE_BUILD_NODE)
  # Debian's default Boost 1.74 does not compile Asio under C++20; 1.81 is named explicitly.
  find_package(Boost 1.81 EXACT REQUIRED)
  find_package(gRPC CONFIG REQUIRED)
  find_package(spdlog CONFIG REQUIRED)
  find_package(benchmark CONFIG REQUIRED)
  find_package(CLI11 CONFIG REQUIRED)
  find_package(toml11 CONFIG REQUIRED)
  find_package(prometheus-cpp CONFIG REQUIRED)
endif()
