#include "tools/documents/terms_compare.h"

#include <map>
#include <set>

namespace usance::documents {

namespace {

std::string name_in_list(const Json& element, std::size_t place) {
  for (const char* name : {"title", "text"}) {
    const std::string text = text_at(element, name);
    if (!text.empty()) return text;
  }
  return std::to_string(place + 1);
}

// Every value that is no object or list, by its path.
void flatten(const Json& value, const std::string& path, std::map<std::string, std::string>& out) {
  if (value.is_object()) {
    for (const auto& [name, member] : value.items())
      flatten(member, path.empty() ? name : path + "." + name, out);
    return;
  }
  if (!value.is_array()) {
    if (!value.is_null())
      out.emplace(path, value.is_string() ? value.get<std::string>() : value.dump());
    return;
  }
  std::size_t place = 0;
  for (const Json& element : value) {
    flatten(element, path + "[" + name_in_list(element, place) + "]", out);
    ++place;
  }
}

}  // namespace

std::vector<TermDifference> compare_terms(const Json& before, const Json& after) {
  std::map<std::string, std::string> old_terms;
  std::map<std::string, std::string> new_terms;
  flatten(before, "", old_terms);
  flatten(after, "", new_terms);
  std::set<std::string> paths;
  for (const auto& [path, value] : old_terms) paths.insert(path);
  for (const auto& [path, value] : new_terms) paths.insert(path);
  const auto value_of = [](const std::map<std::string, std::string>& terms,
                           const std::string& path) {
    const auto found = terms.find(path);
    return found == terms.end() ? std::string() : found->second;
  };
  std::vector<TermDifference> out;
  for (const std::string& path : paths) {
    TermDifference difference{path, value_of(old_terms, path), value_of(new_terms, path)};
    if (difference.before != difference.after) out.push_back(std::move(difference));
  }
  return out;
}

}  // namespace usance::documents
