#include "tools/usance/documents_behind.h"

#include <algorithm>
#include <cstddef>

#include "tools/usance/registry_names.h"

namespace usance::cli {

namespace {

using Kind = documents::TokenKind;

struct Named {
  Kind kind;
  const char* option;
};
constexpr Named kOptions[] = {{Kind::kBillOfLading, "--bill-of-lading"},
                              {Kind::kWarehouseReceipt, "--warehouse-receipt"},
                              {Kind::kContainer, "--container"},
                              {Kind::kPurchaseOrder, "--purchase-order"},
                              {Kind::kCustomsDeclaration, "--customs-declaration"},
                              {Kind::kCredit, "--letter-of-credit"},
                              {Kind::kCreditPresentation, "--credit-presentation"}};

}  // namespace

const std::map<std::string, Kind>& document_kinds() {
  static const std::map<std::string, Kind> kinds = [] {
    std::map<std::string, Kind> out;
    for (const Named& named : kOptions) out[name_of(named.kind)] = named.kind;
    return out;
  }();
  return kinds;
}

void add_documents_behind(CLI::App& verb, DocumentsBehind& behind) {
  for (const auto& [kind, option] : kOptions) {
    std::string fields;
    const auto words = documents::document_fields(kind);
    for (const std::string_view word : words)
      fields.append(fields.empty() ? "" : ", ").append(word);
    verb.add_option(
            option, behind[kind],
            "To register: a document behind the financing, by its " + fields + "; may be repeated")
        ->type_size(static_cast<int>(words.size()))
        ->expected(1)  // at a time
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
}

Outcome<std::vector<documents::TokenInput>> inputs_of(const DocumentsBehind& behind) {
  std::vector<documents::TokenInput> out;
  for (const auto& [kind, option] : kOptions) {
    const auto found = behind.find(kind);
    if (found == behind.end()) continue;
    const std::vector<std::string>& typed = found->second;
    const std::size_t each = documents::document_fields(kind).size();
    for (std::size_t at = 0; at < typed.size(); at += each) {
      const std::size_t end = std::min(at + each, typed.size());
      const auto input =
          documents::document_input(kind, {typed.begin() + static_cast<std::ptrdiff_t>(at),
                                           typed.begin() + static_cast<std::ptrdiff_t>(end)});
      if (!input) return stop(ExitCode::kUsage, std::string(option) + ": " + input.error().message);
      out.push_back(*input);
    }
  }
  return out;
}

}  // namespace usance::cli
