// ISO 20022 pacs.009.001.08, FinancialInstitutionCreditTransfer: the payment between two banks that
// settles a presentation outside the ledger.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace usance::documents {

struct BankTransfer {
  std::string message_id;            // at most 35 characters, unique for the sender
  std::string instruction_id;        // at most 35: the credit's number, say
  std::string end_to_end_id;         // at most 35
  std::string created;               // UTC, "2026-12-15T09:30:00Z"
  std::int32_t settlement_date = 0;  // 20261215
  std::string currency;
  std::int64_t minor_units = 0;
  std::string debtor_bic;    // who pays, and sends the message
  std::string creditor_bic;  // who is paid, and receives it
  std::string remittance;    // free text, at most 140
};

// One UTF-8 XML document. The same transfer has the same UETR (a version 4 UUID in form, made of
// the instruction's hash), so that sending it twice is found out. kInvalidArgument names the field.
[[nodiscard]] Result<std::string> write_pacs009(const BankTransfer& transfer);

}  // namespace usance::documents
