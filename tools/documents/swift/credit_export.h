// Credits of the ledger as SWIFT messages: MT700, 707, 720, 734, 750, 752, 754. Input is what the
// contract's views answer in JSON (tools/render/text.h, to_json): Terms, Amendment, Presentation.
#pragma once

#include "tools/documents/json_reader.h"
#include "tools/documents/swift/mt_message.h"

namespace usance::documents {

// What a message needs and the ledger's record of the credit does not hold.
struct MtAddress {
  std::string sender;     // BIC
  std::string receiver;   // BIC
  std::int32_t date = 0;  // of issue (31C of 700), amendment (30) or payment (32A): 20261121
  // The receiver's reference (21); "NONREF" when there is none.
  std::string related = "NONREF";
  std::int32_t issued = 0;     // the credit's date of issue (31C of 707 and 720)
  std::string reference = {};  // the sender's own (20 of 720); empty: the credit's number and "-1"
};

// Every message passes check_mt strictly, or there is an error: kInvalidArgument names the term
// that is missing or does not fit (narrative beyond 100 lines needs MT701, which is not written).
[[nodiscard]] Result<MtMessage> export_issue(const Json& terms, const MtAddress& address);
// `terms` are those in force before the amendment: they word the documents that it deletes.
[[nodiscard]] Result<MtMessage> export_amendment(const Json& terms, const Json& amendment,
                                                 const MtAddress& address);
// 720: a part in a second beneficiary's hands, in the terms of its transfer; `credit_terms` are the
// credit's own, whose beneficiary is the first one, `confirmed` says whether the transferring bank
// has confirmed. What the issuing bank told its advising bank (53a, 57a, 72Z) does not go on.
[[nodiscard]] Result<MtMessage> export_transfer(const Json& credit_terms, const Json& transfer,
                                                bool confirmed, const MtAddress& address);
// 734: the notice of refusal with its discrepancies and disposal (Art. 16(c), (d)).
[[nodiscard]] Result<MtMessage> export_refusal(const Json& terms, const Json& presentation,
                                               const MtAddress& address);
// 750: the findings, with the question whether to pay all the same.
[[nodiscard]] Result<MtMessage> export_discrepancies(const Json& terms, const Json& presentation,
                                                     const MtAddress& address);
// 752: the authority to pay that answers a 750.
[[nodiscard]] Result<MtMessage> export_authorisation(const Json& terms, const Json& presentation,
                                                     const MtAddress& address);
// 754: payment was made.
[[nodiscard]] Result<MtMessage> export_payment(const Json& terms, const Json& presentation,
                                               const MtAddress& address);

}  // namespace usance::documents
