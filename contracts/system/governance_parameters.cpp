#include "contracts/system/governance_parameters.h"

namespace usance::governance {

void check_parameters(const v1::Parameters& parameters) {
  if (const auto valid = validate(plain(parameters)); !valid)
    contract::fail(v1::errors::invalid_parameters(valid.error().message));
}

void set_parameters(contract::Context& ctx, const v1::Parameters& parameters) {
  check_parameters(parameters);
  contract::Record<v1::Parameters>(ctx, kParameters).put(parameters);
}

}  // namespace usance::governance
