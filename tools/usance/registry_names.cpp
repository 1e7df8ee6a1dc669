#include "tools/usance/registry_names.h"

#include "tools/render/interface.h"
#include "tools/usance/shipped_interfaces.h"

namespace usance::cli {

namespace {

const render::Interface& registry_interface() {
  static const Result<render::Interface> interface =
      render::Interface::parse("invoice_registry", interfaces::invoice_registry());
  USANCE_INVARIANT(interface.has_value());  // the build made these bytes
  return *interface;
}

std::string name_in(const char* enumeration, int number) {
  const auto* file = registry_interface().service().file();
  const auto* type = file->pool()->FindEnumTypeByName(file->package() + "." + enumeration);
  const auto* value = type == nullptr ? nullptr : type->FindValueByNumber(number);
  return value == nullptr ? std::to_string(number) : value->name();
}

}  // namespace

std::string name_of(documents::TokenKind kind) {
  return name_in("TokenKind", static_cast<int>(kind));
}

std::string name_of(documents::MatchReason reason) {
  return name_in("Reason", static_cast<int>(reason));
}

}  // namespace usance::cli
