// A SWIFT message's terms as the contract takes them.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "contract_terms.h"
#include "tools/documents/swift/credit_import.h"
#include "tools/render/value.h"
#include "tools/usance/shipped_interfaces.h"

namespace usance::cli {
namespace {

std::string fixture(const std::string& name) {
  std::ifstream in(std::string(USANCE_SOURCE_DIR) + "/tests/fixtures/documents/swift/" + name,
                   std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

Bytes arguments_of(const documents::CreditImport& import) {
  const auto interface =
      render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()).value();
  const auto message = interface.make(*interface.method(import.method).value()->input_type());
  const auto set =
      render::set_from_json(*message, nlohmann::json::parse(import.request.dump()), "");
  EXPECT_TRUE(set.has_value()) << set.error().message;
  EXPECT_TRUE(render::missing_fields(*message).empty());
  return render::encode_message(*message);
}

TEST(ImportedCredit, TheContractWouldIssueIt) {
  const auto directory = documents::Directory::parse(fixture("directory.json")).value();
  auto import = documents::import_credit_file(fixture("mt700.fin"), documents::MtReading::kStrict,
                                              "", directory);
  ASSERT_TRUE(import.has_value()) << import.error().message;
  EXPECT_EQ(test::problem_of_draft(arguments_of(*import), "harbour-bank"), "");
  // The check does look: another bank may not issue it, and a condition without a document may not
  // stand.
  EXPECT_NE(test::problem_of_draft(arguments_of(*import), "nile-bank"), "");
  import->request["terms"]["conditions"][0].erase("shown_by");
  EXPECT_NE(test::problem_of_draft(arguments_of(*import), "harbour-bank"), "");
}

TEST(ImportedCredit, AnAmendmentFitsItsInterface) {
  const auto directory = documents::Directory::parse(fixture("directory.json")).value();
  const auto import = documents::import_credit_file(fixture("mt707.fin"),
                                                    documents::MtReading::kStrict, "", directory);
  ASSERT_TRUE(import.has_value()) << import.error().message;
  EXPECT_FALSE(arguments_of(*import).empty());
}

}  // namespace
}  // namespace usance::cli
