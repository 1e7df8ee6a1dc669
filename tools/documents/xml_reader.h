// XML from strangers: bounded, without document type declarations, read by local element names, so
// that namespace prefixes do not matter. Shared by this folder's readers.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace usance::documents {

inline constexpr std::size_t kMaxXmlBytes = 8 * 1024 * 1024;
inline constexpr int kMaxXmlDepth = 64;

// Parses into `out`. Encodings: UTF-8, UTF-16 and UTF-32 by byte order mark or form, ISO-8859-1,
// ISO-8859-15 and Windows-1252 by declaration. Errors: kMalformed (too large, empty, not XML, not
// in the encoding it declares, a document type declaration, nested deeper than kMaxXmlDepth),
// kUnsupported (another encoding, a PDF).
[[nodiscard]] Result<void> load_xml(pugi::xml_document& out, std::string_view bytes);

// The name without its prefix.
[[nodiscard]] std::string_view local_name(const pugi::xml_node& node);

// The first child element of that local name, then the first of its children, and so on. Null, and
// so are the children of null.
[[nodiscard]] pugi::xml_node child(const pugi::xml_node& parent, std::string_view name);
template <class... Names>
[[nodiscard]] pugi::xml_node child(const pugi::xml_node& parent, std::string_view name,
                                   Names... deeper) {
  return child(child(parent, name), deeper...);
}

// The element's own text, comments between its parts skipped, blanks at both ends trimmed.
[[nodiscard]] std::string text_of(const pugi::xml_node& node);

}  // namespace usance::documents
