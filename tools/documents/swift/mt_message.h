// A SWIFT FIN message (MT) as text: envelope and fields. What the fields mean is for others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace usance::documents {

inline constexpr std::size_t kMaxMtBytes = 256 * 1024;  // the network's own limit is 10,000
inline constexpr std::size_t kMaxMtFields = 400;

// How much a reader forgives. Strict is what the network would let through; lenient takes what
// people keep in files (lines without a carriage return, older fields, longer lines), and says so.
enum class MtReading : std::uint8_t { kStrict, kLenient };

class MtFindings;

struct MtField {
  std::string tag;                 // "32B"
  std::vector<std::string> lines;  // at least one; may be empty
  std::size_t line = 0;            // of the file, from 1, where the field begins

  // Lines joined by one blank, blanks at the ends trimmed.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const MtField&, const MtField&) = default;
};

struct MtMessage {
  std::string type;      // "700"; empty when the file is a bare block 4
  std::string sender;    // BIC of 8 or 11; empty when the file is a bare block 4
  std::string receiver;  // likewise
  std::vector<MtField> fields;
  std::vector<std::string> remarks;  // of a message made here: what it had no room for

  // The first field of that tag; null when there is none.
  [[nodiscard]] const MtField* find(std::string_view tag) const;
  // The first field of that number with any option letter: "41" finds 41A and 41D.
  [[nodiscard]] const MtField* find_any(std::string_view number) const;
};

// "line 12, field 32B: ..."
[[nodiscard]] std::string at_field(const MtField& field, std::string_view what);

// Blocks 1 to 5 (and S), or block 4 alone with or without its braces. `remarks` receives what
// lenient reading forgave. Errors (kMalformed) begin with "line N".
[[nodiscard]] Result<MtMessage> read_mt(std::string_view bytes, MtReading reading,
                                        std::vector<std::string>& remarks);
// The same among other findings; its own error is a file that is no message.
[[nodiscard]] Result<MtMessage> read_mt(std::string_view bytes, MtFindings& findings);
// Blocks 1, 2 and 4 as a bank's interface takes them: session and sequence numbers are zeros, which
// it replaces; lines end with CR LF. A message without sender or receiver becomes a bare block 4.
[[nodiscard]] std::string write_mt(const MtMessage& message);

// A logical terminal's twelve characters for a BIC of 8 or 11: a sender names its terminal by a
// letter, a receiver's is X.
[[nodiscard]] std::string terminal_of(std::string_view bic, char letter);

}  // namespace usance::documents
