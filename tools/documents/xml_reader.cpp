#include "tools/documents/xml_reader.h"

#include <array>
#include <cctype>

#include <utf8proc.h>

#include "tools/documents/utf8.h"

namespace usance::documents {

namespace {

// Windows-1252 where it differs from ISO-8859-1: 0x80 to 0x9F; 0 is not assigned.
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

char32_t windows_1252(unsigned char c) {
  return c >= 0x80 && c < 0xA0 ? kWindows1252[c - 0x80] : c;
}

char32_t iso_8859_15(unsigned char c) {
  switch (c) {
    case 0xA4: return 0x20AC;
    case 0xA6: return 0x0160;
    case 0xA8: return 0x0161;
    case 0xB4: return 0x017D;
    case 0xB8: return 0x017E;
    case 0xBC: return 0x0152;
    case 0xBD: return 0x0153;
    case 0xBE: return 0x0178;
    default: return c;
  }
}

char32_t iso_8859_1(unsigned char c) {
  return c;
}

Result<std::string> to_utf8(std::string_view bytes, char32_t (*decode)(unsigned char)) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const char32_t point = decode(static_cast<unsigned char>(c));
    if (point == 0)
      return fail(ErrorCode::kMalformed, "a byte has no meaning in the encoding it declares");
    utf8proc_uint8_t buffer[4];
    const utf8proc_ssize_t size =
        utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), buffer);
    out.append(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(size));
  }
  return out;
}

// Two- and four-byte encodings show zero bytes or a byte order mark at once.
bool is_wide(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 4);
  return head.starts_with("\xFE\xFF") || head.starts_with("\xFF\xFE") ||
         head.find('\0') != std::string_view::npos;
}

// The encoding that the XML declaration names, in lower case; empty without one.
std::string declared_encoding(std::string_view bytes) {
  if (!bytes.starts_with("<?xml")) return "";
  const std::string_view declaration = bytes.substr(0, bytes.find("?>"));
  const std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return "";
  const std::size_t open = declaration.find_first_of("\"'", at);
  if (open == std::string_view::npos) return "";
  const std::size_t close = declaration.find(declaration[open], open + 1);
  if (close == std::string_view::npos) return "";
  std::string out(declaration.substr(open + 1, close - open - 1));
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

Result<std::string> decoded(std::string_view bytes) {
  const std::string encoding = declared_encoding(bytes);
  if (encoding.empty() || encoding == "utf-8" || encoding == "utf8" || encoding == "us-ascii") {
    if (!is_utf8(bytes)) return fail(ErrorCode::kMalformed, "not XML: it is not in UTF-8");
    return std::string(bytes);
  }
  if (encoding == "iso-8859-1" || encoding == "latin1") return to_utf8(bytes, iso_8859_1);
  if (encoding == "iso-8859-15") return to_utf8(bytes, iso_8859_15);
  if (encoding == "windows-1252") return to_utf8(bytes, windows_1252);
  return fail(ErrorCode::kUnsupported,
              "the encoding '" + cut(encoding, 24) + "' is not read: save it as UTF-8");
}

// pugixml parses without recursion, but what walks the tree later may not; hostile files nest.
bool too_deep(const pugi::xml_document& document) {
  int depth = 0;
  pugi::xml_node node = document.first_child();
  while (node) {
    if (node.first_child()) {
      if (++depth > kMaxXmlDepth) return true;
      node = node.first_child();
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (node) node = node.next_sibling();
  }
  return false;
}

bool is_blank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

Result<void> load_xml(pugi::xml_document& out, std::string_view bytes) {
  if (bytes.size() > kMaxXmlBytes) return fail(ErrorCode::kMalformed, "the file is over 8 MiB");
  if (bytes.empty()) return fail(ErrorCode::kMalformed, "the file is empty");
  if (bytes.starts_with("%PDF-"))
    return fail(ErrorCode::kUnsupported,
                "a PDF: if it is a hybrid invoice, take the XML file out of its attachments");
  // Document type declarations are kept so that they can be refused: no trade document needs one,
  // and entities are how XML files attack their readers. pugixml itself never expands custom ones.
  constexpr unsigned kOptions = pugi::parse_default | pugi::parse_doctype;
  pugi::xml_parse_result parsed;
  if (is_wide(bytes)) {
    parsed = out.load_buffer(bytes.data(), bytes.size(), kOptions, pugi::encoding_auto);
  } else {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    USANCE_ASSIGN(const std::string text, decoded(bytes));
    parsed = out.load_buffer(text.data(), text.size(), kOptions, pugi::encoding_utf8);
  }
  if (!parsed)
    return fail(ErrorCode::kMalformed, std::string("not XML: ") + parsed.description() +
                                           " at byte " + std::to_string(parsed.offset));
  for (const pugi::xml_node& node : out.children())
    if (node.type() == pugi::node_doctype)
      return fail(ErrorCode::kMalformed, "a document type declaration is not accepted");
  if (too_deep(out)) return fail(ErrorCode::kMalformed, "the XML is nested too deep");
  return {};
}

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& node : parent.children())
    if (node.type() == pugi::node_element && local_name(node) == name) return node;
  return {};
}

std::string text_of(const pugi::xml_node& node) {
  std::string whole;
  for (const pugi::xml_node& part : node.children())
    if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) whole += part.value();
  std::string_view text = whole;
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace usance::documents
