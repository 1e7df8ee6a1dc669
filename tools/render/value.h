// Setting a message's fields from what people type: flags, and JSON in files.
//
// Text of one value, by the field's type and format:
//   Money USD:1000.00 · date 2026-11-21 · instant 2026-11-21T10:30:00Z · bool true|false · enum its
//   name · integers in decimal · string as is · hash 64 hexadecimal digits, or sha256:FILE for a
//   file's hash · other bytes hexadecimal, or @FILE for a file's content · message JSON, or
//   @FILE.json.
// JSON is protobuf's mapping (lowerCamelCase or original names, int64 as text or number, other
// bytes as base64); Money, dates, instants and hashes may also be written as above.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tools/render/interface.h"

namespace usance::render {

// Reads a file named by the user; replaced in tests.
using FileReader = std::function<Result<Bytes>(const std::string& path)>;
[[nodiscard]] Result<Bytes> read_named_file(const std::string& path);

// Sets a field, or appends to a repeated one. The error names the field and what is expected.
[[nodiscard]] Result<void> set_from_text(Message& message, const FieldDescriptor& field,
                                         std::string_view text, const FileReader& files);
// Sets every field that the object names; `where` is the path in error messages.
[[nodiscard]] Result<void> set_from_json(Message& message, const nlohmann::json& object,
                                         const std::string& where);
[[nodiscard]] Result<nlohmann::json> parse_json(std::string_view text, const std::string& where);

// "date 2026-11-21", "amount USD:1000.00", "one of OPEN, CLOSED": for help and errors.
[[nodiscard]] std::string value_hint(const FieldDescriptor& field);
// The same where the field stands in JSON: no files, bytes in base64, messages as objects.
[[nodiscard]] std::string json_hint(const FieldDescriptor& field);

// Fields that the interface declares `required` and that are missing or at their default, nested
// ones by path: "terms.amount".
[[nodiscard]] std::vector<std::string> missing_fields(const Message& message);
// The interface's bounds on texts, bytes and lists (docs/spec/contract-encoding.md), with their
// defaults. kInvalidArgument names the first field beyond its own by path.
[[nodiscard]] Result<void> check_lengths(const Message& message);

}  // namespace usance::render
