// usance lc worklist: what an organisation has to do on credits. usance lc compare: the redline of
// two texts of a credit's terms.
#include "tools/usance/credit_work.h"

#include <memory>
#include <string>
#include <utility>

#include "tools/documents/invoice.h"
#include "tools/documents/terms_compare.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/credit_commands.h"
#include "tools/usance/files.h"
#include "tools/usance/report.h"
#include "tools/usance/shipped_interfaces.h"

namespace usance::cli {

namespace {

Outcome<NamedResult> view_of_own(const Context& context, const char* method,
                                 const nlohmann::json& request) {
  CLI_ASSIGN(const Client client, connect(context));
  return view_named(client, {"letter_of_credit", method, request});
}

// What a task's number counts, and the methods that do it.
struct TaskWords {
  std::string_view task;
  std::string_view object;
  std::string_view methods;
};
constexpr TaskWords kTaskWords[] = {
    {"CHECK_DRAFT", "", "Issue"},
    {"ADVISE_CREDIT", "", "Advise, DeclineAdvice"},
    {"CHECK_AMENDMENT", "amendment", "ProposeAmendment"},
    {"ANSWER_AMENDMENT", "amendment", "AcceptAmendment, RejectAmendment"},
    {"EXAMINE_DOCUMENTS", "presentation", "MarkComplying, Refuse"},
    {"ANSWER_WAIVER_REQUEST", "presentation", "AnswerWaiver"},
    {"PAY", "presentation", "Honour, Undertake or Negotiate"},
    {"CLOSE_BOOKS", "", "Close"},
    {"DECIDE_CONFIRMATION", "amendment", "Confirm; of an amendment DecideConfirmation"},
    {"PAY_AT_MATURITY_DUE", "presentation", "by itself; overdue: PayAtMaturity"},
    {"FORWARD_TO_ISSUER", "presentation", "ForwardDocuments"},
    {"REIMBURSE_CLAIM", "presentation", "Reimburse"},
    {"REFUND_REIMBURSEMENT", "presentation", "Refund"},
    {"TRANSFER_CREDIT", "transfer", "TransferCredit, DeclineTransfer"},
    {"SUBSTITUTE_INVOICE", "presentation", "Substitute"},
    {"ACKNOWLEDGE_ASSIGNMENT_OF", "assignment", "AcknowledgeAssignment"},
    {"RETURN_CALLED_BACK", "presentation", "ReturnDocuments"},
    {"ADVICE_DECLINED", "", "another way to the beneficiary, or Cancel"},
    {"DECIDE_ON_WAIVER", "presentation", "TakeUp, ReturnDocuments"},
    {"SETTLE_INTEREST", "presentation", "PayInterest"},
};

// A newer contract's task stands by its name alone.
TaskWords words_of(std::string_view task) {
  for (const TaskWords& words : kTaskWords)
    if (words.task == task) return words;
  return {};
}

// What is to be done, and by when, in a line.
std::string line_of(const Json& entry) {
  const Json& item = documents::at(entry, "item");
  const Json& date = documents::at(item, "due_on");  // a number, as protobuf's mapping has it
  const std::string due =
      date.is_number_integer() ? render::format_date(date.get<std::int32_t>()) : std::string();
  const Json& left = documents::at(entry, "banking_days_left");
  std::string when = "no deadline";
  if (documents::at(entry, "overdue") == Json(true))
    when = due + "  overdue";
  else if (!due.empty() && !left.is_number())
    when = due + "  the last day";
  else if (!due.empty())
    when =
        due + "  " + left.dump() + (left == Json(1) ? " banking day left" : " banking days left");
  std::string line =
      when + "  " + documents::text_at(item, "task") + "  " + documents::text_at(item, "credit");
  const Json& number = documents::at(item, "number");
  const TaskWords words = words_of(documents::text_at(item, "task"));
  if (number.is_number())
    line += "  " + (words.object.empty() ? "" : std::string(words.object) + " ") + number.dump();
  std::string methods(words.methods);
  // A nominated bank is bound to nothing: it may also send the documents on.
  const std::string bank = documents::text_at(item, "bank");
  if (words.task == "EXAMINE_DOCUMENTS" && !bank.empty() &&
      !documents::text_at(item, "credit").starts_with(bank + "/"))
    methods += ", ForwardDocuments";
  if (!methods.empty()) line += "  (" + methods + ")";
  const std::string hold = documents::text_at(entry, "on_hold");
  if (!hold.empty()) line += "  on hold: " + hold + " (ReleasePayment)";
  return line;
}

// A misspelt name has no work, and no work is what the reader would believe.
Outcome<void> require_member(const Client& client, const std::string& organisation) {
  const auto found = view_named(client, {"governance", "GetOrganisation", {{"id", organisation}}});
  if (found) return {};
  if (found.error().exit != ExitCode::kContractError) return tl::unexpected<Failure>(found.error());
  return stop(ExitCode::kNotFound, "'" + organisation +
                                       "' is no member of this network; its members: usance "
                                       "governance members");
}

Outcome<ExitCode> worklist(const Context& context, const std::string& organisation) {
  CLI_ASSIGN(const Client client, connect(context));
  nlohmann::json request = nlohmann::json::object();
  if (!organisation.empty()) {
    CLI_TRY(require_member(client, organisation));
    request["organisation"] = organisation;
  }
  CLI_ASSIGN(const NamedResult result,
             view_named(client, {"letter_of_credit", "WorkList", request}));
  const Json reply = render::to_json(*result.response);
  print(context, reply, worklist_text(reply));
  return ExitCode::kOk;
}

// Terms as a clerk reads them, like those of the ledger; a file may write dates and amounts in
// several ways.
Outcome<Json> in_one_form(const std::string& name, const Json& terms) {
  const Result<render::Interface> interface =
      render::Interface::parse("letter_of_credit", interfaces::letter_of_credit());
  if (!interface) return stop(ExitCode::kFailed, interface.error().message);
  const auto method = interface->method("DraftIssue");
  if (!method) return stop(ExitCode::kFailed, method.error().message);
  const auto draft = interface->make(*(*method)->input_type());
  const Result<void> set =
      render::set_from_json(*draft, {{"terms", nlohmann::json::parse(terms.dump())}}, "");
  if (!set) return stop(ExitCode::kUsage, name + ": " + set.error().message);
  return documents::at(render::to_reading(*draft), "terms");
}

// The terms in a file (the arguments of DraftIssue, or terms alone), or of a credit on the ledger.
Outcome<Json> terms_of(const Context& context, const std::string& name) {
  if (!name.ends_with(".json")) {
    if (name.find('/') == std::string::npos)
      return stop(ExitCode::kUsage,
                  "'" + name + "' is neither a FILE.json nor a credit, written BANK/NUMBER");
    CLI_ASSIGN(const NamedResult result, view_of_own(context, "GetCredit", {{"credit", name}}));
    return documents::at(render::to_reading(*result.response), "terms");
  }
  CLI_ASSIGN(const std::string text, read_file(name));
  const Result<Json> json = documents::load_json(text);
  if (!json) return stop(ExitCode::kUsage, name + ": " + json.error().message);
  return in_one_form(name, json->contains("terms") ? (*json)["terms"] : *json);
}

Outcome<ExitCode> compare(const Context& context, const std::string& before,
                          const std::string& after) {
  CLI_ASSIGN(const Json old_terms, terms_of(context, before));
  CLI_ASSIGN(const Json new_terms, terms_of(context, after));
  Json list = Json::array();
  std::string text;
  for (const auto& difference : documents::compare_terms(old_terms, new_terms)) {
    list.push_back(Json{
        {"term", difference.term}, {"before", difference.before}, {"after", difference.after}});
    text += (text.empty() ? "" : "\n") + difference.term;
    if (!difference.before.empty()) text += "\n  - " + difference.before;
    if (!difference.after.empty()) text += "\n  + " + difference.after;
  }
  print(context, Json{{"differences", list}}, text.empty() ? "the terms are equal" : text);
  return ExitCode::kOk;
}

}  // namespace

std::string worklist_text(const Json& reply) {
  std::string text;
  for (const Json& entry : documents::list_at(reply, "entries"))
    text += (text.empty() ? "" : "\n") + line_of(entry);
  if (text.empty()) return "nothing to do";
  if (documents::at(reply, "more") == Json(true)) text += "\nand more: the list is full";
  return text;
}

void add_credit_work(CLI::App& noun, Context& context) {
  const auto organisation = std::make_shared<std::string>();
  CLI::App* work = add_verb(noun, context, "worklist",
                            "What an organisation has to do on credits, the most urgent first",
                            [&context, organisation] { return worklist(context, *organisation); });
  work->add_option("--organisation", *organisation, "Whose; without it, your own");

  const auto names = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* redline =
      add_verb(noun, context, "compare",
               "The redline of two texts of terms: files of drafts, credits on the ledger",
               [&context, names] { return compare(context, names->first, names->second); });
  redline->add_option("BEFORE", names->first, "FILE.json or BANK/NUMBER")->required();
  redline->add_option("AFTER", names->second, "FILE.json or BANK/NUMBER")->required();
}

}  // namespace usance::cli
