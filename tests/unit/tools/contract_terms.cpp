#include "contract_terms.h"

#include "contracts/letter_of_credit/terms_check.h"
#include "contracts/sdk/wire.h"

namespace usance::test {

std::string problem_of_draft(ByteView arguments, const std::string& issuing_bank) {
  using namespace letter_of_credit::v1;
  DraftIssueRequest request;
  contract::Reader in(contract::ByteView(arguments.data(), arguments.size()));
  read(in, request);
  if (!in.ok()) return "the arguments do not decode";
  const auto problem = check_terms(request.terms, issuing_bank);
  return problem ? problem->detail : "";
}

}  // namespace usance::test
