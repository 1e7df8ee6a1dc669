// Who the names and codes of messages are on the ledger. A bank keeps it as one JSON file:
//
//   {"banks":   {"HRBKDEHH": {"organisation": "harbour-bank", "place": "DEHAM", "name": "..."}},
//    "parties": {"HAMBURG ROASTERS": {"organisation": "roaster", "country": "DE", "lei": "...",
//                                     "bank": "harbour-bank"}},
//    "places":  {"HAMBURG": "DEHAM"}}
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace usance::documents {

struct DirectoryBank {
  std::string organisation;
  std::string name;
  std::string place;  // UN/LOCODE
};
struct DirectoryParty {
  std::string organisation;
  std::string country;
  std::string lei;
  std::string bank;  // organisation that keeps its account
};

class Directory {
 public:
  // kMalformed: not JSON, or not of that form.
  static Result<Directory> parse(std::string_view json);

  // By BIC: a head office may be written with eight characters or eleven.
  [[nodiscard]] const DirectoryBank* bank(std::string_view bic) const;
  // By the ledger's name of it; gives the BIC, empty when there is none.
  [[nodiscard]] std::string bic_of(std::string_view organisation) const;
  // By its name, compared after normalisation norm/1.
  [[nodiscard]] const DirectoryParty* party(std::string_view name) const;
  // The UN/LOCODE of a place's name; a text that is one stands for itself. Empty when unknown.
  [[nodiscard]] std::string place(std::string_view name) const;

 private:
  std::map<std::string, DirectoryBank, std::less<>> banks_;
  std::map<std::string, DirectoryParty, std::less<>> parties_;
  std::map<std::string, std::string, std::less<>> places_;
};

}  // namespace usance::documents
