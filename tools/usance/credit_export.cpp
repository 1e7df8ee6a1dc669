// usance lc export TYPE CREDIT: what the ledger holds, as the message that other banks expect.
#include "tools/documents/swift/credit_export.h"

#include <chrono>
#include <memory>

#include "tools/documents/invoice.h"
#include "tools/documents/iso20022/pacs009.h"
#include "tools/documents/swift/mt_writer.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/usance/context.h"
#include "tools/usance/credit_commands.h"
#include "tools/usance/files.h"
#include "tools/usance/message_parties.h"
#include "tools/usance/report.h"

namespace usance::cli {

namespace {

struct ExportFlags {
  std::string type;
  std::string credit;
  std::string terms;  // a file
  std::uint32_t presentation = 0;
  std::uint32_t amendment = 0;
  std::uint32_t transfer = 0;
  std::string reference;
  std::string sender;
  std::string receiver;
  std::string related = "NONREF";
  std::string date;
  std::string write;
};

// What a message is made of.
struct Source {
  Json credit;  // the record; empty for a file of terms
  Json terms;
  Json part;  // the presentation, amendment or transfer
};

Outcome<Json> view(const Client& client, const char* method, const nlohmann::json& request) {
  CLI_ASSIGN(const NamedResult result, view_named(client, {"letter_of_credit", method, request}));
  return Json(render::to_json(*result.response));
}

Outcome<Source> from_ledger(const Context& context, const ExportFlags& flags) {
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const Json answer, view(client, "GetCredit", {{"credit", flags.credit}}));
  Source out{documents::at(answer, "credit"), documents::at(answer, "terms"), {}};
  if (flags.type == "707") {
    if (flags.amendment == 0) return stop(ExitCode::kUsage, "which amendment? give --amendment N");
    CLI_ASSIGN(out.part, view(client, "GetAmendment",
                              {{"credit", flags.credit}, {"amendment", flags.amendment}}));
  } else if (flags.type == "720") {
    if (flags.transfer == 0) return stop(ExitCode::kUsage, "which transfer? give --transfer N");
    CLI_ASSIGN(out.part, view(client, "GetTransfer",
                              {{"credit", flags.credit}, {"transfer", flags.transfer}}));
  } else if (flags.type != "700") {
    if (flags.presentation == 0)
      return stop(ExitCode::kUsage, "which presentation? give --presentation N");
    CLI_ASSIGN(out.part, view(client, "GetPresentation",
                              {{"credit", flags.credit}, {"presentation", flags.presentation}}));
  }
  return out;
}

// The arguments of DraftIssue, or the terms alone: a message to look at before anything is issued.
Outcome<Source> from_file(const ExportFlags& flags) {
  if (flags.type != "700") return stop(ExitCode::kUsage, "--terms goes with an MT700 only");
  CLI_ASSIGN(const std::string text, read_file(flags.terms));
  const Result<Json> json = documents::load_json(text);
  if (!json) return stop(ExitCode::kUsage, flags.terms + ": " + json.error().message);
  return Source{{}, json->contains("terms") ? (*json)["terms"] : *json, {}};
}

std::int32_t date_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return static_cast<int>(date.year()) * 10'000 +
         static_cast<int>(static_cast<unsigned>(date.month())) * 100 +
         static_cast<int>(static_cast<unsigned>(date.day()));
}

// The day, UTC, of an instant in a record; 0 when it has none.
std::int32_t day_of(const Json& record, const char* field) {
  using namespace std::chrono;
  const std::int64_t at = documents::integer_at(record, field);
  return at > 0 ? date_of(floor<days>(sys_time<milliseconds>(milliseconds(at)))) : 0;
}

std::int32_t issue_date_of(const Source& source) {
  return day_of(source.credit, "issued_at");
}

// The day given, else the ledger's for an issue or a payment, else today.
Outcome<std::int32_t> date_of(const ExportFlags& flags, const Source& source) {
  using namespace std::chrono;
  if (!flags.date.empty()) {
    const Result<std::int32_t> date = documents::parse_date(flags.date);
    if (!date) return stop(ExitCode::kUsage, "--date: " + date.error().message);
    return *date;
  }
  if (const std::int32_t issued = issue_date_of(source); flags.type == "700" && issued > 0)
    return issued;
  const bool payment = flags.type == "754" || flags.type == "pacs.009";
  if (const std::int32_t paid = day_of(source.part, "paid_at"); payment && paid > 0) return paid;
  return date_of(floor<days>(system_clock::now()));
}

std::string bic_of(const Json& terms, const char* bank) {
  return documents::text_at(documents::at(terms, bank), "bic");
}

Outcome<std::string> swift_text(const ExportFlags& flags, const Source& source) {
  documents::MtAddress address;
  CLI_ASSIGN(address.date, date_of(flags, source));
  address.sender = bic_of(source.terms, "issuing_bank");
  address.receiver = bic_of(source.terms, "advising_bank");
  if (flags.presentation != 0) {
    CLI_ASSIGN(const MessageParties parties,
               message_parties(flags.type, source.terms, source.part));
    address.sender = parties.sender;
    address.receiver = parties.receiver;
  }
  // The transferring bank is the one with which the credit is available (Art. 38(b)); the ledger
  // does not know the BIC of the second beneficiary's bank.
  const Json& nominated = documents::at(source.terms, "available_with");
  if (flags.type == "720") {
    address.sender = documents::text_at(nominated, "bic");
    if (flags.receiver.empty())
      return stop(ExitCode::kUsage, "to which bank? give the second beneficiary's --receiver BIC");
  }
  if (!flags.sender.empty()) address.sender = flags.sender;
  if (!flags.receiver.empty()) address.receiver = flags.receiver;
  if (address.sender.empty() || address.receiver.empty())
    return stop(ExitCode::kUsage, std::string("the terms do not give the BIC of the ") +
                                      (address.sender.empty() ? "sender: give --sender BIC"
                                                              : "receiver: give --receiver BIC"));
  address.related = flags.related;
  address.issued = issue_date_of(source);
  address.reference = flags.reference;
  Result<documents::MtMessage> message = fail(ErrorCode::kInvalidArgument, "no such message");
  if (flags.type == "700") message = export_issue(source.terms, address);
  if (flags.type == "707") message = export_amendment(source.terms, source.part, address);
  if (flags.type == "720") {
    const std::string confirming = documents::text_at(source.credit, "confirming_bank");
    const bool confirmed =
        !confirming.empty() && confirming == documents::text_at(nominated, "organisation");
    message = export_transfer(source.terms, source.part, confirmed, address);
  }
  if (flags.type == "734") message = export_refusal(source.terms, source.part, address);
  if (flags.type == "750") message = export_discrepancies(source.terms, source.part, address);
  if (flags.type == "752") message = export_authorisation(source.terms, source.part, address);
  if (flags.type == "754") message = export_payment(source.terms, source.part, address);
  if (!message) return stop(ExitCode::kUsage, message.error().message);
  for (const std::string& remark : message->remarks) note("note: " + remark);
  return write_mt(*message);
}

Outcome<std::string> transfer_text(const ExportFlags& flags, const Source& source) {
  CLI_ASSIGN(const BankPayment payment, bank_payment(source.terms, source.part));
  documents::BankTransfer transfer;
  const std::string number = documents::text_at(source.terms, "number");
  transfer.instruction_id = number;
  transfer.end_to_end_id = number + "/" + std::to_string(flags.presentation);
  CLI_ASSIGN(transfer.settlement_date, date_of(flags, source));
  transfer.message_id = transfer.end_to_end_id + "/" + std::to_string(transfer.settlement_date);
  transfer.created = render::format_time(std::chrono::duration_cast<std::chrono::milliseconds>(
                                             std::chrono::system_clock::now().time_since_epoch())
                                             .count());
  transfer.currency = documents::money_at(source.part, "claimed").currency;
  transfer.minor_units = payment.minor_units;
  transfer.debtor_bic = flags.sender.empty() ? payment.parties.sender : flags.sender;
  transfer.creditor_bic = flags.receiver.empty() ? payment.parties.receiver : flags.receiver;
  transfer.remittance =
      "Letter of credit " + number + ", presentation " + std::to_string(flags.presentation);
  const Result<std::string> xml = documents::write_pacs009(transfer);
  if (!xml) return stop(ExitCode::kUsage, xml.error().message);
  return *xml;
}

Outcome<ExitCode> export_message(const Context& context, const ExportFlags& flags) {
  if (flags.terms.empty() == flags.credit.empty())
    return stop(ExitCode::kUsage, "give a credit of the ledger, BANK/NUMBER, or --terms FILE");
  CLI_ASSIGN(const Source source,
             flags.terms.empty() ? from_ledger(context, flags) : from_file(flags));
  CLI_ASSIGN(const std::string text,
             flags.type == "pacs.009" ? transfer_text(flags, source) : swift_text(flags, source));
  if (!flags.write.empty()) CLI_TRY(write_file(flags.write, text));
  print(context, Json{{"type", flags.type}, {"message", text}},
        flags.write.empty() ? text : "wrote " + flags.write);
  return ExitCode::kOk;
}

}  // namespace

void add_credit_export(CLI::App& noun, Context& context) {
  const auto flags = std::make_shared<ExportFlags>();
  CLI::App* verb =
      add_verb(noun, context, "export", "A credit, or what happened under it, as a message",
               [&context, flags] { return export_message(context, *flags); });
  verb->add_option("TYPE", flags->type,
                   "700 issue, 707 amendment, 720 transfer, 734 refusal, 750 discrepancies, "
                   "752 authority to pay, 754 payment, pacs.009 settlement")
      ->required()
      ->check(CLI::IsMember({"700", "707", "720", "734", "750", "752", "754", "pacs.009"}));
  verb->add_option("CREDIT", flags->credit, "ISSUING-BANK/NUMBER");
  verb->add_option("--terms", flags->terms,
                   "A file of terms instead of a credit of the ledger (700)");
  verb->add_option("--presentation", flags->presentation, "Its number");
  verb->add_option("--amendment", flags->amendment, "Its number");
  verb->add_option("--transfer", flags->transfer, "Its number");
  verb->add_option("--reference", flags->reference,
                   "The transferring bank's own (20 of 720); else the credit's number and -N");
  verb->add_option("--sender", flags->sender, "BIC; else of the bank in the terms");
  verb->add_option("--receiver", flags->receiver, "BIC; else of the bank in the terms");
  verb->add_option("--related", flags->related, "The receiver's reference (21)")
      ->capture_default_str();
  verb->add_option("--date", flags->date,
                   "Of issue, amendment or payment; else the ledger's or today");
  verb->add_option("--write", flags->write, "Write the message to this file");
}

}  // namespace usance::cli
