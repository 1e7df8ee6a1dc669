// Messages of the fixtures and what becomes of them.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/documents/samples.h"
#include "tools/documents/swift/credit_import.h"

namespace usance::documents {

inline std::string fixture(const std::string& name) {
  std::ifstream in(std::string(USANCE_SOURCE_DIR) + "/tests/fixtures/documents/swift/" + name,
                   std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline Directory directory() {
  return Directory::parse(fixture("directory.json")).value();
}

inline Result<CreditImport> import(const std::string& text, MtReading reading = MtReading::kStrict,
                                   const std::string& type = "") {
  return import_credit_file(text, reading, type, directory());
}

inline std::string import_error(const std::string& text, MtReading reading = MtReading::kStrict) {
  const auto out = import(text, reading);
  return out ? "" : out.error().message;
}

inline std::string without_returns(std::string text) {
  std::erase(text, '\r');
  return text;
}

}  // namespace usance::documents
