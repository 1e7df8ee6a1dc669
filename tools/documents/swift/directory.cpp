#include "tools/documents/swift/directory.h"

#include "tools/documents/identifiers.h"
#include "tools/documents/json_reader.h"
#include "tools/documents/norm1.h"

namespace usance::documents {

namespace {

std::string head_office(std::string_view bic) {
  return std::string(bic.ends_with("XXX") && bic.size() == 11 ? bic.substr(0, 8) : bic);
}

bool is_locode(std::string_view text) {
  if (text.size() != 5 || !is_country(text.substr(0, 2))) return false;
  for (const char c : text.substr(2))
    if (!((c >= 'A' && c <= 'Z') || (c >= '2' && c <= '9'))) return false;
  return true;
}

}  // namespace

Result<Directory> Directory::parse(std::string_view json) {
  USANCE_ASSIGN(const Json root, load_json(json));
  Directory out;
  for (const auto& [bic, entry] : members_of(root, "banks")) {
    USANCE_TRY(check_identifier(IdentifierKind::kBic, bic));
    out.banks_[head_office(bic)] = {text_at(entry, "organisation"), text_at(entry, "name"),
                                    text_at(entry, "place")};
  }
  for (const auto& [name, entry] : members_of(root, "parties")) {
    const std::string key = name_key(name);
    if (key.empty()) return fail(ErrorCode::kMalformed, "a party of the directory has no name");
    DirectoryParty party{text_at(entry, "organisation"), text_at(entry, "country"),
                         text_at(entry, "lei"), text_at(entry, "bank")};
    if (!party.lei.empty()) USANCE_TRY(check_identifier(IdentifierKind::kLei, party.lei));
    out.parties_[key] = std::move(party);
  }
  for (const auto& [name, code] : members_of(root, "places")) {
    if (!code.is_string() || !is_locode(code.get_ref<const std::string&>()))
      return fail(ErrorCode::kMalformed, "the directory's place " + name + " is no UN/LOCODE");
    out.places_[name_key(name)] = code.get<std::string>();
  }
  return out;
}

const DirectoryBank* Directory::bank(std::string_view bic) const {
  const auto found = banks_.find(head_office(bic));
  return found == banks_.end() ? nullptr : &found->second;
}

std::string Directory::bic_of(std::string_view organisation) const {
  for (const auto& [bic, bank] : banks_)
    if (bank.organisation == organisation) return bic;
  return "";
}

const DirectoryParty* Directory::party(std::string_view name) const {
  const auto found = parties_.find(name_key(name));
  return found == parties_.end() ? nullptr : &found->second;
}

std::string Directory::place(std::string_view name) const {
  const auto found = places_.find(name_key(name));
  if (found != places_.end()) return found->second;
  return is_locode(name) ? std::string(name) : "";
}

}  // namespace usance::documents
