// docs/spec/host.md says of every host function what the code says.
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "contracts/host/gas.h"
#include "contracts/host/wasm_host.h"

namespace usance {
namespace {

struct Row {
  std::string type;
  std::string gas;
};

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// Rows "| `name` | `type` | gas | ...".
std::map<std::string, Row> rows_of_page() {
  std::map<std::string, Row> out;
  std::ifstream page(USANCE_SOURCE_DIR "/docs/spec/host.md");
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    std::istringstream cells(line.substr(1));
    std::string name;
    std::string type;
    std::string gas;
    if (!std::getline(cells, name, '|') || !std::getline(cells, type, '|') ||
        !std::getline(cells, gas, '|'))
      continue;
    name = trimmed(name);
    out[name.substr(1, name.size() - 2)] = {trimmed(type), trimmed(gas)};
  }
  return out;
}

// 10'000 and 4: "10,000 + 4"
std::string in_words(const HostPrice& price) {
  std::string digits = std::to_string(price.base);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return price.per_byte == 0 ? digits : digits + " + " + std::to_string(price.per_byte);
}

HostPrice price_of(const std::string& function) {
  static const std::map<std::string, HostPrice> prices = {{"method", gas::kInput},
                                                          {"arguments", gas::kInput},
                                                          {"finish", gas::kFinish},
                                                          {"abort", {0, 0}},
                                                          {"get", gas::kGet},
                                                          {"has", gas::kHas},
                                                          {"put", gas::kPut},
                                                          {"del", gas::kDel},
                                                          {"next", gas::kNext},
                                                          {"context", gas::kInput},
                                                          {"block_height", gas::kBlock},
                                                          {"block_time", gas::kBlock},
                                                          {"emit", gas::kEmit},
                                                          {"call", gas::kCall},
                                                          {"call_result", gas::kInput},
                                                          {"schedule", gas::kSchedule},
                                                          {"cancel", gas::kCancel},
                                                          {"sha256", gas::kSha256},
                                                          {"sha3_256", gas::kSha3},
                                                          {"ed25519_verify", gas::kEd25519},
                                                          {"p256_verify", gas::kP256},
                                                          {"muldiv", gas::kMulDiv},
                                                          {"log", gas::kLog}};
  const auto found = prices.find(function);
  EXPECT_NE(found, prices.end()) << function;
  return found == prices.end() ? HostPrice{} : found->second;
}

TEST(HostPage, SaysTheTypeAndThePriceOfEveryFunction) {
  const std::map<std::string, Row> rows = rows_of_page();
  for (const vm::HostDefinition& one : host_definitions()) {
    const std::string name(one.name);
    const auto row = rows.find(name);
    ASSERT_NE(row, rows.end()) << name << " is not on the page";
    EXPECT_EQ(row->second.type, "`" + to_string(vm::FunctionType{one.params, one.results}) + "`")
        << name;
    EXPECT_EQ(row->second.gas, in_words(price_of(name))) << name;
  }
  EXPECT_EQ(rows.size(), host_definitions().size()) << "the page has functions that do not exist";
}

}  // namespace
}  // namespace usance
