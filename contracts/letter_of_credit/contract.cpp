#include "contracts/letter_of_credit/contract.h"

namespace usance::letter_of_credit::v1 {

void invoke(contract::Context& ctx) {
  Contract contract;
  dispatch(ctx, contract);
}

}  // namespace usance::letter_of_credit::v1
