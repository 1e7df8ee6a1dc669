// Documents behind a financing as options of usance invoice read.
#include "tools/usance/documents_behind.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/usance/registry_names.h"

namespace usance::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DocumentsBehindTest : public ::testing::Test {
 protected:
  Outcome<std::vector<documents::TokenInput>> typed(std::vector<std::string> words) {
    CLI::App app;
    std::string file;
    app.add_option("FILE", file);
    DocumentsBehind behind;
    add_documents_behind(app, behind);
    std::ranges::reverse(words);  // as CLI11 wants them
    app.parse(words);
    file_ = file;
    return inputs_of(behind);
  }
  std::string file_;
};

TEST_F(DocumentsBehindTest, AreNamedByTheirFieldsAndMayBeRepeated) {
  const auto inputs = typed({"--purchase-order", "PO 7", "Hamburg Roasters", "--bill-of-lading",
                             "BLU-1", "Blue Line", "--bill-of-lading", "BLU-2", "Blue Line",
                             "--customs-declaration", "26DE0001", "invoice.xml"});
  ASSERT_TRUE(inputs.has_value()) << inputs.error().message;
  EXPECT_EQ(file_, "invoice.xml");
  std::vector<std::vector<std::string>> tuples;
  for (const documents::TokenInput& input : *inputs) {
    tuples.push_back(input.tuple);
    tuples.back().insert(tuples.back().begin(), name_of(input.kind));
  }
  EXPECT_THAT(tuples, ElementsAre(ElementsAre("BILL_OF_LADING", "BLU1", "BLUELINE"),
                                  ElementsAre("BILL_OF_LADING", "BLU2", "BLUELINE"),
                                  ElementsAre("PURCHASE_ORDER", "PO7", "HAMBURGROASTERS"),
                                  ElementsAre("CUSTOMS_DECLARATION", "26DE0001")));
  EXPECT_TRUE(typed({"invoice.xml"})->empty());
}

TEST_F(DocumentsBehindTest, WithoutAllTheirFieldsAreRefusedByName) {
  EXPECT_THROW(typed({"--purchase-order", "PO 7"}), CLI::ParseError);
  const auto nothing = typed({"--warehouse-receipt", "-", "..."});
  ASSERT_FALSE(nothing.has_value());
  EXPECT_THAT(nothing.error().message, HasSubstr("--warehouse-receipt"));
}

}  // namespace
}  // namespace usance::cli
