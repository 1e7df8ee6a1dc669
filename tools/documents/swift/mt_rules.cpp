#include "tools/documents/swift/mt_rules.h"

#include <algorithm>
#include <set>
#include <vector>

#include "tools/documents/swift/mt_findings.h"
#include "tools/documents/swift/mt_text.h"

namespace usance::documents {

namespace {

// The form of a field is the same in every message that has it.
struct Form {
  std::string_view tag;  // "41a": any option letter
  unsigned lines;
  unsigned width;
  bool z;  // character set z, otherwise x
};

constexpr Form kForms[] = {
    {"20", 1, 16, false},   {"21", 1, 16, false},   {"22A", 1, 4, false},   {"23", 1, 16, false},
    {"23S", 1, 6, false},   {"26E", 1, 3, false},   {"27", 1, 3, false},    {"30", 1, 6, false},
    {"31C", 1, 6, false},   {"31D", 1, 35, false},  {"32A", 1, 24, false},  {"32B", 1, 18, false},
    {"32a", 1, 24, false},  {"33B", 1, 18, false},  {"33a", 1, 24, false},  {"34B", 1, 18, false},
    {"34a", 1, 24, false},  {"39A", 1, 5, false},   {"39C", 4, 35, false},  {"40A", 1, 24, false},
    {"40B", 2, 24, false},  {"40E", 2, 35, false},  {"41a", 5, 35, false},  {"42C", 3, 35, false},
    {"42M", 4, 35, false},  {"42P", 4, 35, false},  {"42a", 5, 35, false},  {"43P", 1, 11, false},
    {"43T", 1, 11, false},  {"44A", 1, 140, true},  {"44B", 1, 140, true},  {"44C", 1, 6, false},
    {"44D", 6, 65, true},   {"44E", 1, 140, true},  {"44F", 1, 140, true},  {"45A", 100, 65, true},
    {"45B", 100, 65, true}, {"46A", 100, 65, true}, {"46B", 100, 65, true}, {"47A", 100, 65, true},
    {"47B", 100, 65, true}, {"48", 1, 39, false},   {"49", 1, 7, false},    {"49G", 100, 65, true},
    {"49H", 100, 65, true}, {"49M", 100, 65, true}, {"49N", 100, 65, true}, {"50", 4, 35, false},
    {"50B", 4, 35, false},  {"51a", 5, 35, false},  {"52a", 5, 35, false},  {"53a", 5, 35, false},
    {"54a", 5, 35, false},  {"57a", 5, 35, false},  {"58a", 5, 35, false},  {"59", 5, 35, false},
    {"71D", 6, 35, true},   {"71N", 7, 35, true},   {"72Z", 6, 35, true},   {"73A", 6, 35, true},
    {"77", 20, 35, true},   {"77B", 3, 35, false},  {"77J", 70, 50, true},  {"78", 12, 65, false},
    {"78D", 12, 65, false}, {"79Z", 35, 50, true}};

// The fields of each message in their order; "!" stands behind a mandatory one.
constexpr std::string_view kIssue =
    "27! 40A! 20! 23 31C! 40E! 31D! 51a 50! 59! 32B! 39A 39C 41a! 42C 42a 42M 42P 43P 43T "
    "44A 44E 44F 44B 44C 44D 45A 46A 47A 49G 49H 71D 48 49! 58a 53a 78 57a 72Z";

constexpr std::string_view kAmendment =
    "27! 20! 21! 23! 52a 50B 31C! 26E! 30! 22A! 23S 40A 40E 31D 50 59 32B 33B 39A 39C 41a "
    "42C 42a 42M 42P 43P 43T 44A 44E 44F 44B 44C 44D 45B 46B 47B 49M 49N 71D 71N 48 49 58a "
    "53a 78 57a 72Z";

// 710 advises a third bank's credit: the fields of 700 behind those of the banks between.
constexpr std::string_view kAdvice =
    "27! 40B! 20! 21! 23 31C! 40E! 31D! 52a 50B 51a 50! 59! 32B! 39A 39C 41a! 42C 42a 42M "
    "42P 43P 43T 44A 44E 44F 44B 44C 44D 45A 46A 47A 49G 49H 71D 48 49! 58a 53a 78 78D 57a "
    "72Z";

// 720 transfers a credit: 50 is the first beneficiary, 59 the second.
constexpr std::string_view kTransfer =
    "27! 40B! 20! 21! 31C! 40E! 31D! 52a 50B 50! 59! 32B! 39A 39C 41a! 42C 42a 42M 42P 43P 43T "
    "44A 44E 44F 44B 44C 44D 45A 46A 47A 49G 49H 71D 48 49! 58a 78 78D 57a 72Z";

constexpr std::string_view kRefusal = "20! 21! 32A! 73A 33a 57a 72Z 77J! 77B!";

constexpr std::string_view kDiscrepancyAdvice = "20! 21! 32B! 33B 71D 73A 34B 57a 72Z 77J!";

constexpr std::string_view kAuthorisation = "20! 21! 23! 30! 32B 71D 33a 53a 54a 72Z 79Z";

constexpr std::string_view kAdviceOfPayment = "20! 21! 32a! 33B 71D 73A 34a 53a 57a 58a 72Z 77";

std::string_view fields_of(std::string_view type) {
  if (type == "700") return kIssue;
  if (type == "707") return kAmendment;
  if (type == "710") return kAdvice;
  if (type == "720") return kTransfer;
  if (type == "734") return kRefusal;
  if (type == "750") return kDiscrepancyAdvice;
  if (type == "752") return kAuthorisation;
  if (type == "754") return kAdviceOfPayment;
  return {};
}

struct Rule {
  Form form;
  bool mandatory = false;
};

std::vector<Rule> rules_of(std::string_view type) {
  std::vector<Rule> rules;
  std::string_view rest = fields_of(type);
  while (!rest.empty()) {
    std::string_view tag = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(tag.size() + 1, rest.size()));
    const bool mandatory = tag.ends_with('!');
    if (mandatory) tag.remove_suffix(1);
    const auto* form = std::ranges::find(kForms, tag, &Form::tag);
    USANCE_INVARIANT(form != std::ranges::end(kForms));
    rules.push_back({*form, mandatory});
  }
  return rules;
}

bool is_for(std::string_view own, std::string_view tag) {
  if (own.size() == 3 && own[2] == 'a') {
    // 42M and 42P have rules of their own; the parties' options are A and D, of banks that are
    // paid through B as well, and so are those of amounts.
    if (tag.size() != 3 || tag.substr(0, 2) != own.substr(0, 2)) return false;
    const std::string_view number = own.substr(0, 2);
    const bool party = number == "41" || number == "42" || number == "51" || number == "52";
    return tag[2] == 'A' || tag[2] == 'D' || (tag[2] == 'B' && !party);
  }
  return own == tag;
}

class Check {
 public:
  explicit Check(MtFindings& findings) : findings_(findings) {}

  void message(const MtMessage& message) {
    const std::vector<Rule> rules = rules_of(message.type);
    std::size_t position = 0;
    std::set<std::string_view> seen;
    for (const MtField& field : message.fields) {
      std::size_t at = 0;
      while (at < rules.size() && !is_for(rules[at].form.tag, field.tag)) ++at;
      if (at == rules.size()) {
        forgive(at_field(field, "an MT" + message.type + " has no such field"));
        continue;
      }
      if (!seen.insert(rules[at].form.tag).second)
        findings_.error({ErrorCode::kMalformed, at_field(field, "it stands twice")});
      if (at < position) forgive(at_field(field, "it stands in the wrong place"));
      position = at > position ? at : position;
      form(field, rules[at].form);
    }
    for (const Rule& rule : rules)
      if (rule.mandatory && !seen.contains(rule.form.tag))
        forgive("an MT" + message.type + " needs field " + std::string(rule.form.tag));
    together(message, seen);
  }

 private:
  void forgive(const std::string& what) { findings_.forgive(what); }

  // What the network asks of fields together, with its error codes. An amendment names what it
  // changes alone, so drafts may stand there without their drawee.
  void together(const MtMessage& message, const std::set<std::string_view>& seen) {
    const std::string& type = message.type;
    const auto forgive_at = [&](const MtField* field, const char* what) {
      forgive(field != nullptr ? at_field(*field, what) : std::string(what));
    };
    const auto has = [&](std::string_view tag) { return seen.contains(tag); };
    const bool credit = type == "700" || type == "710" || type == "720";
    if (!credit && type != "707") return;
    if (has("44C") && has("44D"))
      forgive_at(message.find("44D"),
                 "a latest date of shipment (44C) or a period (44D), not both (D06)");
    if (type != "700" && has("52a") && has("50B"))
      forgive_at(message.find("50B"),
                 "an issuing bank (52a) or an issuer that is none (50B), not both (C06)");
    if (!credit) return;
    if (type != "700" && !has("52a") && !has("50B"))
      forgive("an MT" + type + " names who issued the credit: 52a or 50B (C06)");
    if (has("42C") != has("42a"))
      forgive_at(message.find_any("42"),
                 "drafts (42C) and their drawee (42a) stand together or not at all (C90)");
    const int ways =
        (has("42C") || has("42a") ? 1 : 0) + (has("42M") ? 1 : 0) + (has("42P") ? 1 : 0);
    if (ways > 1)
      forgive_at(message.find_any("42"),
                 "drafts (42C, 42a), mixed (42M) or deferred payment (42P): one of them (C90)");
  }

  void form(const MtField& field, const Form& rule) {
    if (field.lines.size() > rule.lines)
      forgive(at_field(field, std::to_string(field.lines.size()) + " lines, at most " +
                                  std::to_string(rule.lines)));
    for (const std::string& line : field.lines) {
      if (line.size() > rule.width) {
        forgive(at_field(field, "a line of " + std::to_string(line.size()) +
                                    " characters, at most " + std::to_string(rule.width)));
        break;
      }
    }
    for (const std::string& line : field.lines)
      for (const char c : line)
        if (rule.z ? !in_charset_z(c) : !in_charset_x(c))
          return forgive(at_field(
              field, std::string("a character outside SWIFT's set ") + (rule.z ? "z" : "x")));
  }

  MtFindings& findings_;
};

}  // namespace

bool has_mt_rules(std::string_view type) {
  return !fields_of(type).empty();
}

Result<void> check_mt(const MtMessage& message, MtFindings& findings) {
  if (!has_mt_rules(message.type))
    return fail(ErrorCode::kUnsupported, message.type.empty()
                                             ? "which message it is cannot be told: name its type"
                                             : "MT" + message.type + " is not read");
  Check(findings).message(message);
  return {};
}

Result<void> check_mt(const MtMessage& message, MtReading reading,
                      std::vector<std::string>& remarks) {
  MtFindings findings(reading);
  USANCE_TRY(check_mt(message, findings));
  remarks.insert(remarks.end(), findings.remarks().begin(), findings.remarks().end());
  return findings.verdict();
}

std::string guess_mt_type(const MtMessage& message) {
  if (message.find("26E") != nullptr) return "707";
  if (message.find("40A") != nullptr && message.find("59") != nullptr) return "700";
  return "";
}

}  // namespace usance::documents
