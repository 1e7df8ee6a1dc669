#include "contracts/sdk/dispatch.h"

namespace usance::contract {
namespace {

constexpr std::string_view kRegistry = "contracts";  // the system contract's name

// True when the list is empty or one of its lines is held.
template <class Holds>
bool any_of(std::string_view lines, Holds holds) {
  if (lines.empty()) return true;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (holds(lines.substr(0, end))) return true;
    lines.remove_prefix(end + 1);
  }
  return false;
}

// "bank\ncustoms\n" -> "bank or customs".
std::string spoken(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (!out.empty()) out += " or ";
    out += lines.substr(0, end);
    lines.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

void admit(Context& ctx, const MethodRules& rules) {
  const Invocation kind = ctx.invocation();
  const bool nested = !ctx.calling_contract().empty();
  if (rules.timer && (kind != Invocation::kTimer || nested)) fail(errors::timer_only(rules.name));
  // The registry of contracts migrates; a contract that is being migrated cannot migrate others.
  const bool by_registry = !nested || ctx.calling_contract() == kRegistry;
  if (rules.migrate && (kind != Invocation::kMigrate || !by_registry))
    fail(errors::migration_only(rules.name));
  if (rules.contracts_only && !nested) fail(errors::contract_only(rules.name));
  if (kind == Invocation::kView && !rules.view) fail(errors::not_a_view(rules.name));
  if (!any_of(rules.roles, [&](std::string_view role) { return ctx.has_role(role); }))
    fail(errors::role_required(rules.name, spoken(rules.roles)));
  if (!any_of(rules.permissions, [&](std::string_view p) { return ctx.has_permission(p); }))
    fail(errors::permission_required(rules.name, spoken(rules.permissions)));
}

void unknown_method(std::string_view name) {
  fail(errors::unknown_method(name));
}

void malformed_arguments(std::string_view request, WireError error, std::uint32_t field) {
  const std::string_view why = to_text(error);
  if (field == 0) fail(errors::malformed_arguments(request, why));
  fail(errors::malformed_arguments(
      request, "field " + decimal(std::uint64_t{field}) + ": " + std::string(why)));
}

}  // namespace usance::contract
