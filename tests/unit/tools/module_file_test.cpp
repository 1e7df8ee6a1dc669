// Files that a contract's build leaves beside its module.
#include "tools/usance/module_file.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tools/usance/contract_project.h"

namespace usance::cli {
namespace {

TEST(FunctionNamesTest, AreReadAsPeopleWriteThem) {
  const std::string file = ::testing::TempDir() + "usance-names.functions";
  std::ofstream(file)
      << "0:usance1_get\n"
         "2:deposit::\\28anonymous\\20namespace\\29::of\\28std::__2::basic_string<char\\2c"
         "\\20std::__2::char_traits<char>\\2c\\20std::__2::allocator<char>\\20>\\20const&"
         "\\29\nnonsense\n99999999:far\n";
  const std::vector<std::string> names = read_function_names(file);
  std::filesystem::remove(file);
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[0], "usance1_get");
  EXPECT_EQ(names[1], "");
  EXPECT_EQ(names[2], "deposit::of(std::string const&)");
  EXPECT_TRUE(read_function_names("/nonexistent").empty());
}

TEST(PlainModuleTest, LeavesCustomSectionsOut) {
  const Bytes header = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};
  const Bytes custom = {0x00, 0x03, 0x01, 'a', 0xFF};
  const Bytes code = {0x0a, 0x01, 0x00};
  Bytes module = header;
  module.insert(module.end(), custom.begin(), custom.end());
  module.insert(module.end(), code.begin(), code.end());
  const auto plain = without_custom_sections(module);
  ASSERT_TRUE(plain);
  Bytes expected = header;
  expected.insert(expected.end(), code.begin(), code.end());
  EXPECT_EQ(plain->code, expected);
  EXPECT_EQ(plain->code_section, 10U);
  module.push_back(0x01);  // a section that ends before its size
  EXPECT_FALSE(without_custom_sections(module));
  EXPECT_FALSE(without_custom_sections(to_bytes("text")));
}

TEST(ContractNameTest, IsANamespaceAndAFolder) {
  EXPECT_TRUE(check_contract_name("bill_of_lading"));
  for (const char* wrong : {"", "Bill", "1bill", "bill-of-lading", "class", "std", "_b"})
    EXPECT_FALSE(check_contract_name(wrong)) << wrong;
  EXPECT_FALSE(check_contract_name(std::string(64, 'a')));
}

}  // namespace
}  // namespace usance::cli
