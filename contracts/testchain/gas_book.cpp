#include "contracts/testchain/gas_book.h"

#include <cstdlib>
#include <fstream>

namespace usance::testchain {

bool gas_update_wanted() {
  const char* wish = std::getenv("USANCE_UPDATE_GAS");
  return wish != nullptr && std::string_view(wish) != "0";
}

GasBook::GasBook(std::string file, bool update) : file_(std::move(file)), update_(update) {
  std::ifstream in(file_);
  std::uint64_t gas = 0;
  for (std::string name; in >> gas && std::getline(in >> std::ws, name);) entries_[name] = gas;
}

std::optional<std::string> GasBook::compare(const std::string& name, std::uint64_t gas) {
  const auto found = entries_.find(name);
  if (found != entries_.end() && found->second == gas) return std::nullopt;
  if (found == entries_.end() || update_) {
    entries_[name] = gas;
    if (!save()) return "cannot write " + file_;
    return std::nullopt;
  }
  return name + " costs " + std::to_string(gas) + " gas, recorded are " +
         std::to_string(found->second) + " (" + file_ +
         "); if that is meant: usance contract test --update-gas";
}

bool GasBook::save() const {
  std::ofstream out(file_, std::ios::trunc);
  for (const auto& [name, gas] : entries_) out << gas << "  " << name << '\n';
  out.close();
  return out.good();
}

}  // namespace usance::testchain
