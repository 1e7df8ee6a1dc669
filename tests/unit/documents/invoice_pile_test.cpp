// tests/fixtures/documents/matching: invoices in both syntaxes and many spellings, of our own
// making, and every pair that is alike with its class and reason (expected.json).
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include "contracts/invoice_registry/matching.h"
#include "tools/documents/invoice_match.h"

namespace usance::documents {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = USANCE_SOURCE_DIR "/tests/fixtures/documents/matching";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

const char* name_of(MatchClass match) {
  switch (match) {
    case MatchClass::kLink: return "LINK";
    case MatchClass::kRed: return "RED";
    case MatchClass::kAmberId: return "AMBER_ID";
    case MatchClass::kAmberNumber: return "AMBER_NUMBER";
    case MatchClass::kAmber: return "AMBER";
  }
  return "";
}

using Line = std::vector<std::string>;  // the two files, class, reason

TEST(InvoicePile, EveryPairIsWhatItShouldBeAndThereIsNoOther) {
  const nlohmann::json expected = nlohmann::json::parse(text_of(kFolder / "expected.json"));
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(kFolder))
    if (entry.path().extension() == ".xml") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  ASSERT_GT(paths.size(), 25u);

  std::vector<InvoiceFile> files;
  std::vector<std::string> unread;
  for (const fs::path& path : paths) {
    const Result<Invoice> invoice = read_invoice(text_of(path));
    if (!invoice) {
      unread.push_back(path.filename());
      continue;
    }
    const Result<NormalisedInvoice> normalised = normalise(*invoice);
    ASSERT_TRUE(normalised) << path << ": " << normalised.error().message;
    files.push_back({path.filename(), *normalised});
  }
  EXPECT_EQ(unread, expected["unread"].get<std::vector<std::string>>());

  const auto pairs = match_invoices(files);
  ASSERT_TRUE(pairs);
  std::vector<Line> found;
  for (const InvoicePair& pair : *pairs)
    found.push_back({pair.file_a, pair.file_b, name_of(pair.match),
                     std::string(to_text(static_cast<invoice_registry::v1::Reason>(pair.reason)))});
  std::sort(found.begin(), found.end());
  std::vector<Line> wanted;
  for (const auto& pair : expected["pairs"])
    wanted.push_back({pair["file_a"], pair["file_b"], pair["class"], pair["reason"]});
  EXPECT_EQ(found, wanted);
}

}  // namespace
}  // namespace usance::documents
