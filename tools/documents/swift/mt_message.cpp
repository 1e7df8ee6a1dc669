#include "tools/documents/swift/mt_message.h"

#include <algorithm>

#include "tools/documents/ascii.h"
#include "tools/documents/swift/mt_findings.h"

namespace usance::documents {

namespace {

// ":32B:" at the beginning of a line; the tag, or nothing.
std::string_view tag_of(std::string_view line) {
  if (line.size() < 4 || line[0] != ':' || !is_digit(line[1]) || !is_digit(line[2])) return {};
  const std::size_t length = line[3] == ':' ? 2 : 3;
  if (length == 3 && (line.size() < 5 || line[4] != ':' || line[3] < 'A' || line[3] > 'Z'))
    return {};
  return line.substr(1, length);
}

// The BIC in a logical terminal: eight characters, a terminal letter, a branch.
std::string bic_of(std::string_view terminal) {
  std::string out(terminal.substr(0, 8));
  if (terminal.size() >= 12 && terminal.substr(9, 3) != "XXX") out += terminal.substr(9, 3);
  return out;
}

class Reader {
 public:
  Reader(std::string_view bytes, MtFindings& findings) : rest_(bytes), findings_(findings) {}

  Result<MtMessage> read() {
    skip_blank();
    if (!rest_.starts_with("{")) {
      USANCE_TRY(text_block());
      return std::move(out_);
    }
    while (rest_.starts_with("{")) {
      USANCE_TRY(block());
      skip_blank();
    }
    if (!rest_.empty() && (rest_[0] != '\x03' || rest_.size() > 1))
      forgive("there is text behind the message");
    if (!seen_text_) return refuse("the message has no text block {4:");
    return std::move(out_);
  }

 private:
  tl::unexpected<Error> refuse(const std::string& what) const {
    return fail(ErrorCode::kMalformed, "line " + std::to_string(line_) + ": " + what);
  }
  void forgive(const std::string& what) {
    findings_.forgive("line " + std::to_string(line_) + ": " + what);
  }
  void skip_blank() {
    while (!rest_.empty() &&
           (rest_[0] == ' ' || rest_[0] == '\r' || rest_[0] == '\n' || rest_[0] == '\x01')) {
      if (rest_[0] == '\n') ++line_;
      rest_.remove_prefix(1);
    }
  }

  Result<void> block() {
    if (rest_.size() < 3 || rest_[2] != ':') return refuse("a block begins with {1: to {5:");
    const char which = rest_[1];
    if (which == '4') {
      if (seen_text_) return refuse("a second text block");
      rest_.remove_prefix(3);
      seen_text_ = true;
      return text_block_with_end();
    }
    // Braces nest in blocks 3, 5 and S.
    int depth = 0;
    std::size_t end = 0;
    for (; end < rest_.size(); ++end) {
      if (rest_[end] == '{') ++depth;
      if (rest_[end] == '\n') ++line_;
      if (rest_[end] == '}' && --depth == 0) break;
    }
    if (end == rest_.size()) return refuse(std::string("block ") + which + " does not end");
    const std::string_view content = rest_.substr(3, end - 3);
    rest_.remove_prefix(end + 1);
    if (which == '1') return basic_header(content);
    if (which == '2') return application_header(content);
    return {};
  }

  Result<void> basic_header(std::string_view content) {
    if (content.size() < 15 || content[0] != 'F')
      return refuse("block 1 is F, the service, and the sender's terminal");
    own_ = bic_of(content.substr(3, 12));
    return {};
  }

  // I700BBBBUS33XXXXN from the sender, O7001200YYMMDD<terminal>... as the receiver gets it.
  Result<void> application_header(std::string_view content) {
    const bool input = content.starts_with("I") && content.size() >= 16;
    const bool output = content.starts_with("O") && content.size() >= 26;
    if ((!input && !output) || !std::all_of(content.begin() + 1, content.begin() + 4, is_digit))
      return refuse("block 2 is I or O, the message's type, and a terminal");
    out_.type = content.substr(1, 3);
    const std::string other = bic_of(content.substr(input ? 4 : 14, 12));
    out_.sender = input ? own_ : other;
    out_.receiver = input ? other : own_;
    return {};
  }

  // The line up to its end, which is taken too. Sets `ended` on the block's end.
  std::string_view take_line() {
    const std::size_t end = rest_.find('\n');
    std::string_view out = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (out.ends_with("\r")) {
      out.remove_suffix(1);
    } else if (end != std::string_view::npos && !told_of_line_ends_) {
      told_of_line_ends_ = true;
      forgive("the line does not end with carriage return and line feed");
    }
    return out;
  }

  Result<void> text_block_with_end() {
    const std::string_view first = take_line();
    if (!first.empty()) return refuse("the text block's first field stands on a line of its own");
    ++line_;
    while (!rest_.empty()) {
      if (rest_.starts_with("-}")) {
        rest_.remove_prefix(2);
        return {};
      }
      USANCE_TRY(text_line());
    }
    return refuse("the text block does not end with -}");
  }

  Result<void> text_block() {
    seen_text_ = true;
    while (!rest_.empty()) {
      if (rest_ == "-" || rest_.starts_with("-\r") || rest_.starts_with("-\n")) {
        rest_.remove_prefix(1);
        skip_blank();
        if (rest_.empty()) break;
        return refuse("there is text behind the message");
      }
      USANCE_TRY(text_line());
    }
    if (out_.fields.empty()) return refuse("neither a FIN message nor its text block");
    return {};
  }

  Result<void> text_line() {
    const std::string_view text = take_line();
    const std::string_view tag = tag_of(text);
    if (!tag.empty()) {
      if (out_.fields.size() == kMaxMtFields) return refuse("the message has too many fields");
      out_.fields.push_back({std::string(tag), {std::string(text.substr(tag.size() + 2))}, line_});
    } else if (out_.fields.empty()) {
      if (text.empty() && rest_.empty()) return {};
      return refuse("a field begins with its tag between colons, such as :20:");
    } else {
      if (text.starts_with(":") || text.starts_with("-"))
        forgive("a line may not begin with a colon or a hyphen");
      out_.fields.back().lines.emplace_back(text);
    }
    ++line_;
    return {};
  }

  std::string_view rest_;
  MtFindings& findings_;
  MtMessage out_;
  std::string own_;
  std::size_t line_ = 1;
  bool seen_text_ = false;
  bool told_of_line_ends_ = false;
};

}  // namespace

std::string MtField::text() const {
  std::string out;
  for (const std::string& one : lines) {
    const std::size_t first = one.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    if (!out.empty()) out.push_back(' ');
    out += one.substr(first, one.find_last_not_of(' ') - first + 1);
  }
  return out;
}

const MtField* MtMessage::find(std::string_view tag) const {
  for (const MtField& field : fields)
    if (field.tag == tag) return &field;
  return nullptr;
}

const MtField* MtMessage::find_any(std::string_view number) const {
  for (const MtField& field : fields)
    if (std::string_view(field.tag).substr(0, 2) == number) return &field;
  return nullptr;
}

std::string at_field(const MtField& field, std::string_view what) {
  return "line " + std::to_string(field.line) + ", field " + field.tag + ": " + std::string(what);
}

Result<MtMessage> read_mt(std::string_view bytes, MtFindings& findings) {
  if (bytes.size() > kMaxMtBytes) return fail(ErrorCode::kMalformed, "the file is over 256 KiB");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return Reader(bytes, findings).read();
}

Result<MtMessage> read_mt(std::string_view bytes, MtReading reading,
                          std::vector<std::string>& remarks) {
  MtFindings findings(reading);
  USANCE_ASSIGN(MtMessage message, read_mt(bytes, findings));
  remarks.insert(remarks.end(), findings.remarks().begin(), findings.remarks().end());
  USANCE_TRY(findings.verdict());
  return message;
}

std::string terminal_of(std::string_view bic, char letter) {
  std::string out(bic.substr(0, 8));
  out.resize(8, 'X');
  out += letter;
  out += bic.size() >= 11 ? bic.substr(8, 3) : "XXX";
  return out;
}

std::string write_mt(const MtMessage& message) {
  std::string text;
  for (const MtField& field : message.fields) {
    text += ":" + field.tag + ":";
    for (std::size_t i = 0; i < field.lines.size(); ++i)
      text += (i == 0 ? "" : "\r\n") + field.lines[i];
    text += "\r\n";
  }
  if (message.sender.empty() || message.receiver.empty()) return text;
  return "{1:F01" + terminal_of(message.sender, 'A') + "0000000000}{2:I" + message.type +
         terminal_of(message.receiver, 'X') + "N}{4:\r\n" + text + "-}";
}

}  // namespace usance::documents
