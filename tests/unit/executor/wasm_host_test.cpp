// The host functions against modules that use them wrongly, written byte by byte.
#include "contracts/host/wasm_host.h"

#include <map>

#include <gtest/gtest.h>

#include "system/registry.usance.h"
#include "test_chain.h"

namespace usance {
namespace {

using test::TestChain;

void section(Bytes& out, std::uint8_t id, const Bytes& content) {
  out.push_back(id);
  std::size_t size = content.size();
  do {
    const bool more = size >= 0x80;
    out.push_back(static_cast<std::uint8_t>((size & 0x7f) | (more ? 0x80 : 0)));
    size >>= 7;
  } while (size != 0);
  out.insert(out.end(), content.begin(), content.end());
}

void text(Bytes& out, std::string_view value) {
  out.push_back(static_cast<std::uint8_t>(value.size()));
  out.insert(out.end(), value.begin(), value.end());
}

// A module with one page of memory that imports one host function and calls it in `invoke` with
// these i32 arguments.
Bytes module_calling(const std::string& function, const std::vector<std::int32_t>& arguments,
                     bool has_result, const std::string& import_module = "usance1") {
  Bytes out = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};
  Bytes types = {2, 0x60, static_cast<std::uint8_t>(arguments.size())};
  types.insert(types.end(), arguments.size(), 0x7f);
  types.push_back(has_result ? 1 : 0);
  if (has_result) types.push_back(0x7f);
  types.insert(types.end(), {0x60, 0, 0});
  section(out, 1, types);
  Bytes imports = {1};
  text(imports, import_module);
  text(imports, function);
  imports.insert(imports.end(), {0x00, 0x00});
  section(out, 2, imports);
  section(out, 3, {1, 1});
  section(out, 5, {1, 0x00, 1});
  Bytes exports = {2};
  text(exports, "memory");
  exports.insert(exports.end(), {0x02, 0});
  text(exports, "invoke");
  exports.insert(exports.end(), {0x00, 1});
  section(out, 7, exports);
  Bytes body = {0};
  for (std::int32_t argument : arguments) {
    body.push_back(0x41);
    for (;;) {  // signed LEB128
      const auto low = static_cast<std::uint8_t>(argument & 0x7f);
      argument >>= 7;
      const bool last = (argument == 0 && (low & 0x40) == 0) || (argument == -1 && (low & 0x40));
      body.push_back(static_cast<std::uint8_t>(last ? low : low | 0x80));
      if (last) break;
    }
  }
  body.insert(body.end(), {0x10, 0});
  if (has_result) body.push_back(0x1a);
  body.push_back(0x0b);
  Bytes code = {1};
  code.push_back(static_cast<std::uint8_t>(body.size()));
  code.insert(code.end(), body.begin(), body.end());
  section(out, 10, code);
  return out;
}

// What becomes of the deployment, which invokes the module's `invoke` for its migration.
Receipt deploy(TestChain& chain, const Bytes& module) {
  registry::v1::DeployRequest request;
  request.name = "raw";
  request.code = module;
  return chain.run_as("bank-a", "maker", "contracts", "Deploy", request);
}

struct Misuse {
  std::string function;
  std::vector<std::int32_t> arguments;
  bool has_result;
  TrapCode trap;
};

class WasmHost : public testing::TestWithParam<Misuse> {};

TEST_P(WasmHost, TrapsAndNothingElse) {
  TestChain chain;
  const Misuse& misuse = GetParam();
  const Receipt receipt =
      deploy(chain, module_calling(misuse.function, misuse.arguments, misuse.has_result));
  // MIGRATION_FAILED, whose text names what ended the migration.
  EXPECT_EQ(receipt.status, ReceiptStatus::kContractError) << receipt.detail;
  EXPECT_EQ(receipt.detail, "Migrate of raw: " + std::string(to_string(ReceiptStatus::kTrap)) +
                                " " + std::to_string(static_cast<std::uint32_t>(misuse.trap)));
}

constexpr std::int32_t kPage = 65'536;
constexpr TrapCode kBounds = TrapCode::kMemoryOutOfBounds;
INSTANTIATE_TEST_SUITE_P(
    Misuses, WasmHost,
    testing::Values(Misuse{"has", {kPage, 1, 0, 0}, true, kBounds},
                    Misuse{"has", {0, 0, kPage - 1, 2}, true, kBounds},
                    Misuse{"has", {-1, -1, 0, 0}, true, kBounds},
                    Misuse{"has", {0, 257, 0, 0}, true, TrapCode::kHostLimit},
                    Misuse{"get", {0, -1, 0, 0, 0, 0}, true, kBounds},
                    Misuse{"method", {kPage - 1, 100}, true, kBounds},
                    Misuse{"method", {-1, -1}, true, kBounds},
                    Misuse{"put", {0, 0, 0, 0, 1, kPage}, false, kBounds},
                    Misuse{"put", {0, 0, 0, 257, 0, 0}, false, TrapCode::kHostLimit},
                    Misuse{"next", {0, 0, 0, 258, 0, 0, 0, 0}, true, TrapCode::kHostLimit},
                    Misuse{"context", {99, 0, 0}, true, TrapCode::kHostArgument},
                    Misuse{"emit", {0, 0, 0, 0, 0, 0}, false, TrapCode::kHostArgument},
                    Misuse{"emit", {0, 1, 0, 257, 0, 0}, false, TrapCode::kHostLimit},
                    Misuse{"sha256", {0, 10, kPage - 31}, false, kBounds},
                    Misuse{"ed25519_verify", {kPage - 31, 0, 0, 0}, true, kBounds},
                    Misuse{"p256_verify", {0, 0, 0, kPage - 63}, true, kBounds},
                    Misuse{"finish", {0, kPage + 1}, false, kBounds},
                    Misuse{"log", {-1, 5}, false, kBounds}),
    [](const auto& misuse) { return misuse.param.function + std::to_string(misuse.index); });

// Who asks for an item has it read whole: what that costs does not depend on the function.
TEST(WasmHostGas, EveryFunctionThatReadsAnItemPaysForItsBytes) {
  for (const std::string function : {"get", "has", "del"}) {
    std::vector<std::int32_t> arguments(function == "get" ? 6 : 4, 0);
    std::map<std::size_t, std::uint64_t> gas;
    for (const std::size_t bytes : {0U, 50'000U}) {
      TestChain chain;
      ASSERT_EQ(deploy(chain, module_calling(function, arguments, true)).status,
                ReceiptStatus::kOk);
      chain.state.apply({{{"raw", {}, {}}, Bytes(bytes, 1), 0}});
      const Receipt receipt = chain.run("raw", "Any");
      EXPECT_EQ(receipt.status, ReceiptStatus::kOk) << receipt.detail;
      gas[bytes] = receipt.gas_used;
    }
    EXPECT_EQ(gas[50'000] - gas[0], 50'000U) << function;
  }
}

TEST(WasmHostImports, AWellBehavedRawModuleDeploys) {
  TestChain chain;
  const Receipt receipt = deploy(chain, module_calling("has", {0, 256, 0, 0}, true));
  EXPECT_EQ(receipt.status, ReceiptStatus::kOk) << receipt.detail;
}

TEST(WasmHostImports, OnlyHostFunctionsCanBeImported) {
  TestChain chain;
  for (const Bytes& module :
       {module_calling("launch", {0}, true), module_calling("has", {0, 0}, true),
        module_calling("has", {0, 0, 0, 0}, true, "wasi_snapshot_preview1")}) {
    const Receipt receipt = deploy(chain, module);
    EXPECT_EQ(receipt.status, ReceiptStatus::kContractError);
    EXPECT_EQ(receipt.code, static_cast<std::uint32_t>(registry::v1::ContractsError::kInvalidCode));
  }
}

TEST(WasmHostImports, TheTableIsThatOfTheSpecification) {
  EXPECT_EQ(host_definitions().size(), 23U);
  for (const auto& definition : host_definitions()) EXPECT_EQ(definition.module, "usance1");
}

}  // namespace
}  // namespace usance
