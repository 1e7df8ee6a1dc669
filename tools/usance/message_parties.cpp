#include "tools/usance/message_parties.h"

#include "tools/documents/json_reader.h"
#include "tools/documents/swift/mt_writer.h"

namespace usance::cli {

namespace {

using documents::at;
using documents::text_at;

// The BIC that the terms give a bank wherever they name it.
std::string bic_of_member(const Json& terms, const std::string& organisation) {
  if (organisation.empty()) return {};
  for (const char* role :
       {"issuing_bank", "advising_bank", "available_with", "requested_confirming_bank",
        "reimbursing_bank", "second_advising_bank"}) {
    const Json& bank = at(terms, role);
    if (text_at(bank, "organisation") != organisation) continue;
    if (const std::string bic = text_at(bank, "bic"); !bic.empty()) return bic;
  }
  return {};
}

std::string named_bank(const Json& terms, const char* role) {
  return text_at(at(terms, role), "organisation");
}

// The bank that sent the documents, else the advising bank, through which a presenter is reached.
std::string remitting_bank(const Json& terms, const Json& presentation) {
  const std::string presenter = text_at(at(presentation, "presented_by"), "organisation");
  return bic_of_member(terms, presenter).empty() ? named_bank(terms, "advising_bank") : presenter;
}

}  // namespace

Outcome<MessageParties> message_parties(const std::string& type, const Json& terms,
                                        const Json& presentation) {
  const std::string issuing = named_bank(terms, "issuing_bank");
  const std::string examining = text_at(presentation, "examining_bank");
  if (type == "750" || type == "754") {
    if (examining == issuing)
      return stop(ExitCode::kUsage,
                  "an MT" + type +
                      " goes to the issuing bank from the bank that has examined; this "
                      "presentation is at the issuing bank itself");
    return MessageParties{bic_of_member(terms, examining), bic_of_member(terms, issuing)};
  }
  if (type == "752")
    return MessageParties{
        bic_of_member(terms, issuing),
        bic_of_member(terms,
                      examining == issuing ? remitting_bank(terms, presentation) : examining)};
  return MessageParties{bic_of_member(terms, examining),
                        bic_of_member(terms, remitting_bank(terms, presentation))};
}

Outcome<BankPayment> bank_payment(const Json& terms, const Json& presentation) {
  const std::int64_t paid = documents::integer_at(presentation, "paid");
  if (paid <= 0) return stop(ExitCode::kUsage, "nothing was paid under this presentation");
  const std::string payer = text_at(presentation, "examining_bank");
  std::string payee = text_at(presentation, "claimant");
  if (payee.empty()) payee = text_at(terms, "beneficiary_bank");
  if (payer != payee)
    return BankPayment{{bic_of_member(terms, payer), bic_of_member(terms, payee)},
                       paid - documents::integer_at(presentation, "discount")};
  // The bank has paid its own client; another one reimburses it.
  if (const std::int64_t reimbursed = documents::integer_at(presentation, "reimbursed");
      reimbursed > 0)
    return BankPayment{
        {bic_of_member(terms, named_bank(terms, "reimbursing_bank")), bic_of_member(terms, payer)},
        reimbursed};
  const std::int64_t forwarded = documents::integer_at(presentation, "forwarded_as");
  return stop(ExitCode::kUsage, payer + " has paid its own client: no money moves between banks" +
                                    (forwarded > 0 ? "; it is reimbursed under presentation " +
                                                         std::to_string(forwarded)
                                                   : std::string(" before it is reimbursed")));
}

}  // namespace usance::cli
