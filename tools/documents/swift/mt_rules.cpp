#include "tools/documents/swift/mt_rules.h"

#include <set>
#include <span>

#include "tools/documents/swift/mt_text.h"

namespace usance::documents {

namespace {

struct Rule {
  const char* tag;  // "41a": any option letter
  bool mandatory;
  unsigned lines;
  unsigned width;
  bool z;  // character set z, otherwise x
};

constexpr Rule kIssue[] = {
    {"27", true, 1, 3, false},     {"40A", true, 1, 24, false},   {"20", true, 1, 16, false},
    {"23", false, 1, 16, false},   {"31C", true, 1, 6, false},    {"40E", true, 2, 35, false},
    {"31D", true, 1, 35, false},   {"51a", false, 5, 35, false},  {"50", true, 4, 35, false},
    {"59", true, 5, 35, false},    {"32B", true, 1, 18, false},   {"39A", false, 1, 5, false},
    {"39C", false, 4, 35, false},  {"41a", true, 5, 35, false},   {"42C", false, 3, 35, false},
    {"42a", false, 5, 35, false},  {"42M", false, 4, 35, false},  {"42P", false, 4, 35, false},
    {"43P", false, 1, 11, false},  {"43T", false, 1, 11, false},  {"44A", false, 1, 140, true},
    {"44E", false, 1, 140, true},  {"44F", false, 1, 140, true},  {"44B", false, 1, 140, true},
    {"44C", false, 1, 6, false},   {"44D", false, 6, 65, true},   {"45A", false, 100, 65, true},
    {"46A", false, 100, 65, true}, {"47A", false, 100, 65, true}, {"49G", false, 100, 65, true},
    {"49H", false, 100, 65, true}, {"71D", false, 6, 35, true},   {"48", false, 1, 39, false},
    {"49", true, 1, 7, false},     {"58a", false, 5, 35, false},  {"53a", false, 5, 35, false},
    {"78", false, 12, 65, false},  {"57a", false, 5, 35, false},  {"72Z", false, 6, 35, true}};

constexpr Rule kAmendment[] = {
    {"27", true, 1, 3, false},     {"20", true, 1, 16, false},    {"21", true, 1, 16, false},
    {"23", true, 1, 16, false},    {"52a", false, 5, 35, false},  {"50B", false, 4, 35, false},
    {"31C", true, 1, 6, false},    {"26E", true, 1, 3, false},    {"30", true, 1, 6, false},
    {"22A", true, 1, 4, false},    {"23S", false, 1, 6, false},   {"40A", false, 1, 24, false},
    {"40E", false, 2, 35, false},  {"31D", false, 1, 35, false},  {"50", false, 4, 35, false},
    {"59", false, 5, 35, false},   {"32B", false, 1, 18, false},  {"33B", false, 1, 18, false},
    {"39A", false, 1, 5, false},   {"39C", false, 4, 35, false},  {"41a", false, 5, 35, false},
    {"42C", false, 3, 35, false},  {"42a", false, 5, 35, false},  {"42M", false, 4, 35, false},
    {"42P", false, 4, 35, false},  {"43P", false, 1, 11, false},  {"43T", false, 1, 11, false},
    {"44A", false, 1, 140, true},  {"44E", false, 1, 140, true},  {"44F", false, 1, 140, true},
    {"44B", false, 1, 140, true},  {"44C", false, 1, 6, false},   {"44D", false, 6, 65, true},
    {"45B", false, 100, 65, true}, {"46B", false, 100, 65, true}, {"47B", false, 100, 65, true},
    {"49M", false, 100, 65, true}, {"49N", false, 100, 65, true}, {"71D", false, 6, 35, true},
    {"71N", false, 7, 35, true},   {"48", false, 1, 39, false},   {"49", false, 1, 7, false},
    {"58a", false, 5, 35, false},  {"53a", false, 5, 35, false},  {"78", false, 12, 65, false},
    {"57a", false, 5, 35, false},  {"72Z", false, 6, 35, true}};

// 710 advises a third bank's credit, 720 transfers one: the fields of 700 behind those of the
// banks between.
constexpr Rule kAdvice[] = {
    {"27", true, 1, 3, false},     {"40B", true, 2, 24, false},   {"20", true, 1, 16, false},
    {"21", true, 1, 16, false},    {"23", false, 1, 16, false},   {"31C", true, 1, 6, false},
    {"40E", true, 2, 35, false},   {"31D", true, 1, 35, false},   {"52a", false, 5, 35, false},
    {"50B", false, 4, 35, false},  {"51a", false, 5, 35, false},  {"50", true, 4, 35, false},
    {"59", true, 5, 35, false},    {"32B", true, 1, 18, false},   {"39A", false, 1, 5, false},
    {"39C", false, 4, 35, false},  {"41a", true, 5, 35, false},   {"42C", false, 3, 35, false},
    {"42a", false, 5, 35, false},  {"42M", false, 4, 35, false},  {"42P", false, 4, 35, false},
    {"43P", false, 1, 11, false},  {"43T", false, 1, 11, false},  {"44A", false, 1, 140, true},
    {"44E", false, 1, 140, true},  {"44F", false, 1, 140, true},  {"44B", false, 1, 140, true},
    {"44C", false, 1, 6, false},   {"44D", false, 6, 65, true},   {"45A", false, 100, 65, true},
    {"46A", false, 100, 65, true}, {"47A", false, 100, 65, true}, {"49G", false, 100, 65, true},
    {"49H", false, 100, 65, true}, {"71D", false, 6, 35, true},   {"48", false, 1, 39, false},
    {"49", true, 1, 7, false},     {"58a", false, 5, 35, false},  {"53a", false, 5, 35, false},
    {"78", false, 12, 65, false},  {"78D", false, 12, 65, false}, {"57a", false, 5, 35, false},
    {"72Z", false, 6, 35, true}};

constexpr Rule kRefusal[] = {
    {"20", true, 1, 16, false},  {"21", true, 1, 16, false},   {"32A", true, 1, 24, false},
    {"73A", false, 6, 35, true}, {"33a", false, 1, 24, false}, {"57a", false, 5, 35, false},
    {"77J", true, 70, 50, true}, {"77B", true, 3, 35, false},  {"72Z", false, 6, 35, true}};

constexpr Rule kDiscrepancyAdvice[] = {{"20", true, 1, 16, false},   {"21", true, 1, 16, false},
                                       {"32B", true, 1, 18, false},  {"33B", false, 1, 18, false},
                                       {"71D", false, 6, 35, true},  {"73A", false, 6, 35, true},
                                       {"34B", false, 1, 18, false}, {"57a", false, 5, 35, false},
                                       {"77J", true, 70, 50, true},  {"72Z", false, 6, 35, true}};

constexpr Rule kAuthorisation[] = {{"20", true, 1, 16, false},   {"21", true, 1, 16, false},
                                   {"23", true, 1, 16, false},   {"30", true, 1, 6, false},
                                   {"32B", false, 1, 18, false}, {"71D", false, 6, 35, true},
                                   {"33a", false, 1, 24, false}, {"53a", false, 5, 35, false},
                                   {"54a", false, 5, 35, false}, {"72Z", false, 6, 35, true}};

constexpr Rule kAdviceOfPayment[] = {
    {"20", true, 1, 16, false},   {"21", true, 1, 16, false},   {"32a", true, 1, 24, false},
    {"33B", false, 1, 18, false}, {"71D", false, 6, 35, true},  {"73A", false, 6, 35, true},
    {"34a", false, 1, 24, false}, {"53a", false, 5, 35, false}, {"57a", false, 5, 35, false},
    {"58a", false, 5, 35, false}, {"72Z", false, 6, 35, true},  {"77", false, 20, 35, true}};

std::span<const Rule> rules_of(std::string_view type) {
  if (type == "700") return kIssue;
  if (type == "707") return kAmendment;
  if (type == "710" || type == "720") return kAdvice;
  if (type == "734") return kRefusal;
  if (type == "750") return kDiscrepancyAdvice;
  if (type == "752") return kAuthorisation;
  if (type == "754") return kAdviceOfPayment;
  return {};
}

bool is_for(const Rule& rule, std::string_view tag) {
  const std::string_view own = rule.tag;
  if (own.size() == 3 && own[2] == 'a') {
    // 42M and 42P have rules of their own; the parties' options are A, B and D.
    return tag.size() == 3 && tag.substr(0, 2) == own.substr(0, 2) &&
           (tag[2] == 'A' || tag[2] == 'B' || tag[2] == 'D');
  }
  return own == tag;
}

class Check {
 public:
  Check(MtReading reading, std::vector<std::string>& remarks)
      : reading_(reading), remarks_(remarks) {}

  Result<void> message(const MtMessage& message) {
    const std::span<const Rule> rules = rules_of(message.type);
    std::size_t position = 0;
    std::set<std::string_view> seen;
    for (const MtField& field : message.fields) {
      std::size_t at = 0;
      while (at < rules.size() && !is_for(rules[at], field.tag)) ++at;
      if (at == rules.size()) {
        USANCE_TRY(forgive(at_field(field, "an MT" + message.type + " has no such field")));
        continue;
      }
      if (!seen.insert(rules[at].tag).second)
        return fail(ErrorCode::kMalformed, at_field(field, "it stands twice"));
      if (at < position) USANCE_TRY(forgive(at_field(field, "it stands in the wrong place")));
      position = at > position ? at : position;
      USANCE_TRY(form(field, rules[at]));
    }
    for (const Rule& rule : rules)
      if (rule.mandatory && !seen.contains(rule.tag))
        USANCE_TRY(forgive("an MT" + message.type + " needs field " + rule.tag));
    return {};
  }

 private:
  Result<void> forgive(const std::string& what) {
    if (reading_ == MtReading::kStrict) return fail(ErrorCode::kMalformed, what);
    remarks_.push_back(what);
    return {};
  }

  Result<void> form(const MtField& field, const Rule& rule) {
    if (field.lines.size() > rule.lines)
      USANCE_TRY(forgive(at_field(field, std::to_string(field.lines.size()) + " lines, at most " +
                                             std::to_string(rule.lines))));
    for (const std::string& line : field.lines) {
      if (line.size() > rule.width) {
        USANCE_TRY(
            forgive(at_field(field, "a line of " + std::to_string(line.size()) +
                                        " characters, at most " + std::to_string(rule.width))));
        break;
      }
    }
    for (const std::string& line : field.lines)
      for (const char c : line)
        if (rule.z ? !in_charset_z(c) : !in_charset_x(c))
          return forgive(at_field(
              field, std::string("a character outside SWIFT's set ") + (rule.z ? "z" : "x")));
    return {};
  }

  MtReading reading_;
  std::vector<std::string>& remarks_;
};

}  // namespace

bool has_mt_rules(std::string_view type) {
  return !rules_of(type).empty();
}

Result<void> check_mt(const MtMessage& message, MtReading reading,
                      std::vector<std::string>& remarks) {
  if (!has_mt_rules(message.type))
    return fail(ErrorCode::kUnsupported, message.type.empty()
                                             ? "which message it is cannot be told: name its type"
                                             : "MT" + message.type + " is not read");
  return Check(reading, remarks).message(message);
}

std::string guess_mt_type(const MtMessage& message) {
  if (message.find("26E") != nullptr) return "707";
  if (message.find("40A") != nullptr && message.find("59") != nullptr) return "700";
  return "";
}

}  // namespace usance::documents
