// What an interface declares about one method (usance.contract.MethodOptions).
#pragma once

#include <string_view>

namespace usance::contract {

struct MethodRules {
  std::string_view name;
  std::string_view request;  // name of the request message
  bool view = false;
  bool timer = false;
  bool contracts_only = false;
  bool migrate = false;
  std::string_view roles;        // each followed by a newline; empty: any
  std::string_view permissions;  // each followed by a newline; empty: any
};

}  // namespace usance::contract
