#include "tools/usance/registry_names.h"

#include <map>

#include "tools/render/interface.h"
#include "tools/usance/shipped_interfaces.h"

namespace usance::cli {

namespace {

const render::Interface& registry_interface() {
  static const Result<render::Interface> interface =
      render::Interface::parse("invoice_registry", interfaces::invoice_registry());
  USANCE_INVARIANT(interface.has_value());  // the build made these bytes
  return *interface;
}

std::string name_in(const char* enumeration, int number) {
  const auto* file = registry_interface().service().file();
  const auto* type = file->pool()->FindEnumTypeByName(file->package() + "." + enumeration);
  const auto* value = type == nullptr ? nullptr : type->FindValueByNumber(number);
  return value == nullptr ? std::to_string(number) : value->name();
}

const char* consequence(const std::string& colour, const std::string& reason) {
  if (colour == "RED") return "who finances first has it; the other is refused";
  if (reason == "CREDIT_NOTE") return "what the note credits is not financed";
  return "to finance, one explains the flag (Explain) and another releases it (ReleaseFlag)";
}

}  // namespace

std::string name_of(documents::TokenKind kind) {
  return name_in("TokenKind", static_cast<int>(kind));
}

std::string name_of(documents::MatchReason reason) {
  return name_in("Reason", static_cast<int>(reason));
}

std::string in_words(const std::string& reason) {
  static const std::map<std::string, std::string> words{
      {"SAME_INVOICE", "every field agrees"},
      {"OTHER_SIDE", "every field agrees; one finances the seller, one the buyer"},
      {"IDENTITY_CONFLICT", "everything agrees but a party's identifier"},
      {"NUMBER_REUSED", "seller, number and year agree; amount, date or buyer differ"},
      {"SIMILAR_NUMBER", "seller and the number's digits agree"},
      {"OTHER_NUMBER", "parties, amount and date agree; the numbers differ"},
      {"NEAR_NUMBER_TYPED", "one seller; the numbers differ by a slip of the keyboard"},
      {"OTHER_DOCUMENT", "seller and number agree; another class of document"},
      {"CREDIT_NOTE", "a credit note and its invoice"},
      {"REFERS_TO", "one names the other as the document before it"},
      {"SAME_TITLE", "one document of title or presentation secures both"},
      {"SAME_CONTAINER", "one container on one voyage"},
      {"NUMBER_USED_TWICE", "the law lets the seller use the number once a year"}};
  const auto found = words.find(reason);
  return found == words.end() ? reason : found->second;
}

std::string registration_text(const nlohmann::json& registered) {
  std::string out = "registered as " + registered.value("entry", "");
  for (const auto& flag : registered.value("flags", nlohmann::json::array())) {
    const std::string colour = flag.value("colour", "");
    const std::string reason = flag.value("reason", "");
    out.append("\n").append(colour).append("  ").append(flag.value("other", "")).append("  ");
    out.append(in_words(reason)).append(" (").append(reason).append(")\n    ");
    out.append(consequence(colour, reason));
  }
  for (const auto& balance : registered.value("balances", nlohmann::json::array())) {
    const unsigned left = balance.value("remaining", 0U);  // basis points
    const std::string hundredths = std::to_string(100 + left % 100).substr(1);
    const std::string kind = balance.value("token", nlohmann::json::object()).value("kind", "");
    out.append("\n").append(kind).append("  ").append(std::to_string(left / 100));
    out.append(".").append(hundredths).append(" % of it may still be financed");
    if (balance.value("colour", "") == "LINK") out += "; others draw on it";
  }
  if (const auto similar = registered.value("similar", 0U); similar != 0)
    out += "\nentries of this buyer and week about this amount: " + std::to_string(similar);
  return out;
}

}  // namespace usance::cli
