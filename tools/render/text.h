// Messages as people and programs read them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tools/render/interface.h"

namespace usance::render {

// Protobuf's JSON mapping with original field names and default values left out: what --output
// json prints; 64-bit integers are text, bytes base64 except hashes, which are hexadecimal.
[[nodiscard]] nlohmann::ordered_json to_json(const Message& message);

// The same with every value as text in a person's form, amounts as one, and with enumerations that
// have their default, unless that is named ..._NOT_STATED: for comparing what two messages say.
[[nodiscard]] nlohmann::ordered_json to_reading(const Message& message);

// One "name: value" a line, nested messages indented; amounts, dates, instants and hashes in a
// person's form. Empty messages give an empty text.
[[nodiscard]] std::string to_text(const Message& message, unsigned indent = 0);

// On one line, for lists: {amount: USD 1,000.00, to: "nile-bank"}; cut at `limit` characters.
inline constexpr std::size_t kLineBytes = 400;  // of a record or message beside others
[[nodiscard]] std::string to_line(const Message& message, std::size_t limit = 300);

// Bytes that no interface explains: as text when printable, as hexadecimal otherwise.
[[nodiscard]] std::string show_bytes(ByteView bytes, std::size_t limit = 64);

// The name of an object or item: text as it is, a binary key behind a readable prefix as
// "key/0x6a3b...", anything else as 0x and hexadecimal.
[[nodiscard]] std::string show_name(ByteView bytes);

}  // namespace usance::render
