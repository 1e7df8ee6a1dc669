#include "contracts/vm/call_profile.h"

#include <algorithm>

#include "contracts/vm/module_data.h"

namespace usance::vm {

void CallProfile::begin(const ModuleData& module, std::int64_t gas) {
  imported_ = module.imported_functions;
  starts_.clear();
  for (const FunctionBody& body : module.bodies) starts_.push_back(body.code);
  functions_.assign(imported_ + starts_.size(), {});
  stack_.clear();
  code_ = 0;
  gas_ = gas;
}

std::uint32_t CallProfile::function_at(std::uint32_t code) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), code);
  return imported_ + static_cast<std::uint32_t>(after - starts_.begin()) - 1;
}

void CallProfile::step(std::uint32_t code, std::size_t depth, std::int64_t gas) {
  // The first units of the code, Halt, belong to no function: the call is over.
  if (starts_.empty() || code < starts_.front()) return end(gas);
  // A call charges its callee's first run: gas that went since the last operation is the present
  // function's, except after a return, where nothing is charged.
  if (depth + 1 > stack_.size()) {
    stack_.push_back(function_at(code));
    ++functions_[stack_.back()].calls;
  } else if (depth + 1 < stack_.size()) {
    end(gas);
    stack_.resize(depth + 1);
  }
  end(gas);
  code_ = code;
}

void CallProfile::end(std::int64_t gas) {
  if (!stack_.empty() && gas_ > gas)
    functions_[stack_.back()].gas += static_cast<std::uint64_t>(gas_ - gas);
  gas_ = gas;
}

}  // namespace usance::vm
