#include <sstream>

#include "tools/render/interface.h"

namespace usance::render {

namespace {

// Modules are strangers' bytes, and help goes to terminals.
std::string shown(std::string line) {
  for (char& c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = c == '\t' || c == '\r' ? ' ' : '?';
  }
  const std::size_t first = line.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return line.substr(first, line.find_last_not_of(' ') - first + 1);
}

template <class Declared>
std::vector<std::string> lines_of(const Declared& declared) {
  google::protobuf::SourceLocation location;
  if (!declared.GetSourceLocation(&location)) return {};
  std::istringstream text(location.leading_comments + "\n" + location.trailing_comments);
  std::vector<std::string> out;
  for (std::string line; std::getline(text, line);)
    if (std::string clean = shown(std::move(line)); !clean.empty()) out.push_back(std::move(clean));
  return out;
}

}  // namespace

std::vector<std::string> comment_lines(const google::protobuf::ServiceDescriptor& service) {
  return lines_of(service);
}

std::vector<std::string> comment_lines(const MethodDescriptor& method) {
  return lines_of(method);
}

std::vector<std::string> comment_lines(const FieldDescriptor& field) {
  return lines_of(field);
}

}  // namespace usance::render
